// Lines of a handler's log, with what says where they belong.

/** Says where a line belongs. */
export interface LogFacts {
  readonly work: string;
  readonly messageId: string;
  readonly hop: number;
  readonly operation?: string;
  readonly requestId?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
}

/** What a line says besides its message, as members of its own. */
export type Fields = Readonly<Record<string, unknown>>;

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
type Level = (typeof LEVELS)[number];

/**
 * The log of a handler: one JSON object a line, as Lambda's own JSON logs are, with the ids of work, message, request
 * and trace. `AWS_LAMBDA_LOG_LEVEL` says from which level on there are lines, `AWS_LAMBDA_LOG_FORMAT=Text` makes them plain.
 */
export class Log {
  readonly #facts: LogFacts;

  /** @internal */
  constructor(facts: LogFacts) {
    this.#facts = facts;
  }

  /** What is of use only to whoever looks for a mistake, step by step. */
  trace(message: string, fields?: Fields): void {
    this.#write('TRACE', message, fields);
  }

  /** What is of use only to whoever looks for a mistake. */
  debug(message: string, fields?: Fields): void {
    this.#write('DEBUG', message, fields);
  }

  /** What happens. */
  info(message: string, fields?: Fields): void {
    this.#write('INFO', message, fields);
  }

  /** What should not happen. */
  warn(message: string, fields?: Fields): void {
    this.#write('WARN', message, fields);
  }

  /** What went wrong. */
  error(message: string, fields?: Fields): void {
    this.#write('ERROR', message, fields);
  }

  #write(level: Level, message: string, fields: Fields = {}): void {
    const least = LEVELS.indexOf(process.env['AWS_LAMBDA_LOG_LEVEL']?.toUpperCase() as Level);
    if (LEVELS.indexOf(level) < (least === -1 ? LEVELS.indexOf('INFO') : least)) return;
    const isPlain = process.env['AWS_LAMBDA_LOG_FORMAT']?.toLowerCase() === 'text';
    const write = isPlain ? plainOf : lineOf;
    process.stdout.write(`${write(this.#facts, Date.now(), level, message, fields)}\n`);
  }
}

/** @internal One line as JSON. */
export function lineOf(facts: LogFacts, timeMs: number, level: string, message: string, fields: Fields): string {
  const line: Record<string, unknown> = { timestamp: new Date(timeMs).toISOString(), level, message, ...facts };
  for (const [name, value] of Object.entries(fields)) {
    line[Object.hasOwn(line, name) ? `${name}_` : name] = value instanceof Error ? value.stack : value;
  }
  return textOf(line);
}

/** @internal One line for people. */
export function plainOf(facts: LogFacts, _: number, level: string, message: string, fields: Fields): string {
  const where = `${facts.operation ?? ''} (work ${facts.work}, hop ${facts.hop})`;
  return `${level} ${where} ${message}${Object.keys(fields).length === 0 ? '' : ` ${textOf(fields)}`}`;
}

/** JSON whatever is in it: a line about something odd is better than none, and than an exception. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? member.toString() : member));
  } catch {
    const { timestamp, level, message } = value as Record<string, unknown>;
    return JSON.stringify({ timestamp, level, message, unwritten: 'the fields of this line have no JSON form' });
  }
}
