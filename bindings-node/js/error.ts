import type { ErrorCode } from './codes';

/** One broken rule: a word for programs, a place, a sentence for people. */
export interface Problem {
  readonly code: ErrorCode;
  /** JSON Pointer to the place, in the value or document that was given. */
  readonly at: string;
  /** What was found and what would be right. No payload values. */
  readonly message: string;
  /** What to do about it; empty when that cannot be said. */
  readonly help?: string;
}

/** A rule of the contract was broken. Branch on `code`; the text may change. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly code: ErrorCode;
  /** JSON Pointer to the place; empty for the whole. */
  readonly at: string;
  /** Everything that was found, in the order of the places. The first one is this error. */
  readonly problems: readonly Problem[];

  constructor(problem: Problem, options: ErrorOptions & { readonly problems?: readonly Problem[] } = {}) {
    const { problems = [problem], ...rest } = options;
    super(problem.at === '' ? problem.message : `${problem.message} (at \`${problem.at}\`)`, rest);
    this.code = problem.code;
    this.at = problem.at;
    this.problems = problems;
  }
}

/** A function error as Lambda's own Node runtime reports it: it takes `errorType` from the name. */
export class FunctionError extends Error {
  readonly at: string;

  constructor(code: string, message: string, at: string) {
    super(message);
    this.name = code;
    this.at = at;
    // The runtime sends the stack to the invoker; ours is in the log.
    this.stack = `${code}: ${message}`;
  }
}
