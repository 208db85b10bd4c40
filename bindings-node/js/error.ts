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

/** Options of a {@link DeclaredError}. */
export interface DeclaredErrorOptions extends ErrorOptions {
  /** A sentence for people, which travels with the error. Without one, the error's name. */
  readonly message?: string;
}

const declared = Symbol.for('peer-contract.declared-error');
const received = new WeakSet<object>();

/**
 * An error that is part of the contract. Thrown by a handler it ends the operation as the contract
 * says; thrown by `work.call` it is the answer of the peer.
 */
export class DeclaredError<Data = unknown> extends Error {
  /** Its name in the contract. */
  readonly code: string;
  /** What it carries, as the contract types it. */
  readonly data: Data;

  constructor(code: string, data: Data, options: DeclaredErrorOptions = {}) {
    const { message = code, ...rest } = options;
    super(message, rest);
    this.name = new.target.name;
    this.code = code;
    this.data = data;
    Object.defineProperty(this, declared, { value: true });
  }
}

/** What generated modules export per error of the contract. */
export type DeclaredErrorClass = new (...parts: never[]) => DeclaredError;

/** Whether a handler ended with an error of its own contract, from whichever copy of this package. */
export function isDeclared(error: unknown): error is DeclaredError {
  return error instanceof Error && declared in error && !received.has(error);
}

/** The answer of a peer as an exception. Left uncaught, it is no error of the agent that called. */
export function receivedError(Class: DeclaredErrorClass | undefined, called: ReceivedError): DeclaredError {
  const { code, data, message = code } = called;
  // A class of an error without data takes the options only.
  const parts = data === undefined ? [{ message }] : [data, { message }];
  const error = Class === undefined ? new DeclaredError(code, data, { message }) : new Class(...(parts as never[]));
  received.add(error);
  return error;
}

interface ReceivedError {
  readonly code: string;
  readonly message: string | undefined;
  readonly data: unknown;
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
