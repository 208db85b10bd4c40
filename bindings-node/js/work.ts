import { readPart } from './codec';
import type { Contract } from './contract';
import { receivedError } from './declared';
import { ContractError } from './error';
import { toText } from './json';
import { Log } from './log';
import type { LogFacts } from './log';
import { guardedLater, native } from './native';
import type { TurnHandle } from './native';
import { isOperation, placesOf } from './operation';
import type { AppliedOperation, Callable } from './operation';

/** What {@link Work.create} may be told, for tests. */
export interface WorkOptions {
  readonly id?: string;
  readonly hop?: number;
  readonly phase?: string;
  readonly time?: Date;
  /** Milliseconds that the handler has; a minute when nothing is said. */
  readonly timeLeft?: number;
  /** Answers `work.call`: gets the operation (`ranker.score`) and its input, gives the output. */
  readonly answer?: (target: string, input: unknown) => unknown;
}

/** Facts that a {@link Work} is made of. */
export interface WorkFacts {
  readonly id: string;
  readonly messageId: string;
  readonly key: string;
  readonly hop: number;
  readonly phase?: string | null;
  readonly timeMs: number;
  readonly deadlineMs: number;
  readonly traceparent?: string | null;
  readonly tracestate?: string | null;
  readonly requestId?: string;
  readonly target?: string;
}

type Ask = (operation: AppliedOperation) => Promise<unknown>;

/**
 * One run through the agents, as its handler sees it. Time, ids and the state come from here, so
 * that a repeated delivery does the same again.
 */
export class Work<S> {
  /** What travels with the work. Change it or replace it; a failed attempt commits nothing. */
  state: S;
  /** The work, the same at every hop. */
  readonly id: string;
  /** The message being handled. */
  readonly messageId: string;
  /** Stable key for effects on the outside: the same for every delivery of this message. */
  readonly key: string;
  /** Hop of this message, from 1. */
  readonly hop: number;
  /** The phase the work is in; a called operation has none. */
  readonly phase: string | undefined;
  /** When the message was made. */
  readonly time: Date;
  /** When the handler must be done. */
  readonly deadline: Date;
  /** Where in its trace the handler runs, as W3C trace context writes it: the parent of spans that it opens. */
  readonly traceparent: string | undefined;
  /** What others put beside it. */
  readonly tracestate: string | undefined;

  readonly #ask: Ask;
  readonly #facts: WorkFacts;
  #log: Log | undefined;
  #draws = 0;
  #abort: AbortController | undefined;

  /** @internal */
  constructor(state: S, facts: WorkFacts, ask: Ask) {
    this.state = state;
    this.id = facts.id;
    this.messageId = facts.messageId;
    this.key = facts.key;
    this.hop = facts.hop;
    this.phase = facts.phase ?? undefined;
    this.time = new Date(facts.timeMs);
    this.deadline = new Date(facts.deadlineMs);
    this.traceparent = facts.traceparent ?? undefined;
    this.tracestate = facts.tracestate ?? undefined;
    this.#ask = ask;
    this.#facts = facts;
  }

  /** A work for tests, without any message: `await agent.render(Work.create(state), input)`. */
  static create<S>(state: S, options: WorkOptions = {}): Work<S> {
    const id = options.id ?? crypto.randomUUID();
    const timeMs = options.time?.getTime() ?? Date.now();
    const facts = {
      id,
      messageId: id,
      key: id,
      hop: options.hop ?? 1,
      phase: options.phase ?? null,
      timeMs,
      deadlineMs: Date.now() + (options.timeLeft ?? 60_000),
    };
    return new Work(state, facts, asker(options.answer));
  }

  /** Writes lines to the log, with the ids of work, message, request and trace: `work.log.info('ranked', { hits })`. */
  get log(): Log {
    return (this.#log ??= new Log(logFactsOf(this.#facts)));
  }

  /** Milliseconds until the handler must be done; 0 when that is past. */
  timeLeft(): number {
    return Math.max(0, this.deadline.getTime() - Date.now());
  }

  /** Aborted when the handler must be done: give it to `fetch` and its like. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.timeLeft() === 0) this.#abort.abort();
    return this.#abort.signal;
  }

  /** A new id. The first draw of a message is the same at every delivery, so is the second, … */
  uuid(): string {
    return native().drawnUuid(this.key, this.#draws++);
  }

  /** A random number from 0 to below 1, under the same rule. Not for secrets. */
  random(): number {
    return native().drawnFraction(this.key, this.#draws++);
  }

  /**
   * Asks another operation and waits for its answer; deadline and retries come from the contract.
   *
   * @throws {DeclaredError} an error of the operation, as the class that its agent's module exports
   * @throws {ContractError} everything else
   */
  async call<O>(operation: Callable<string, O>): Promise<O> {
    if (!isOperation(operation)) {
      throw new TypeError('work.call takes an operation applied to its input, such as ranker.score({ … })');
    }
    return (await this.#ask(operation as AppliedOperation)) as O;
  }

  /** @internal The handler's time is over. */
  expire(): void {
    this.#abort?.abort();
  }
}

function logFactsOf({ id, messageId, hop, target, requestId, traceparent }: WorkFacts): LogFacts {
  const facts = { work: id, messageId, hop };
  if (target === undefined || requestId === undefined || typeof traceparent !== 'string') return facts;
  const [, trace = '', span = ''] = traceparent.split('-');
  return { ...facts, operation: target, requestId, trace_id: trace, span_id: span };
}

/** Asks through a turn of the runtime. */
export function askThrough(turn: TurnHandle, contract: Contract): Ask {
  return async (operation) => {
    const input = toText(operation.input);
    const called = await guardedLater(() => native().call(turn, operation.target, input));
    if (called.output !== undefined) {
      return readPart(contract.compiled(placesOf(operation.target).output), called.output);
    }
    throw receivedError(operation.errors, called);
  };
}

function asker(answer: WorkOptions['answer']): Ask {
  if (answer !== undefined) return async ({ target, input }) => answer(target, input);
  return ({ target }) => {
    const message = `this work was made for a test without an answer for \`${target}\``;
    return Promise.reject(new ContractError({ code: 'peer_unreachable', at: '', message }));
  };
}
