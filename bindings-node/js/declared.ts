// Errors that are part of a contract.

import { native } from './native';
import type { JsonHandle } from './native';

/** Options of a {@link DeclaredError}. */
export interface DeclaredErrorOptions extends ErrorOptions {
  /** A sentence for people, which travels with the error. Without one, the error's name. */
  readonly message?: string;
}

const declared = Symbol.for('peer-contract.declared-error');
const received = new WeakSet<object>();

/**
 * An error that is part of the contract. Thrown by a handler it ends the operation as the contract
 * says; thrown by `work.call` it is the answer of the peer. Generated modules have a class for each.
 */
export abstract class DeclaredError<Data = unknown> extends Error {
  /** Its name in the contract. */
  static readonly code: string;
  readonly code: string;
  /** What it carries, as the contract types it. */
  readonly data: Data;

  constructor(data: Data, options: DeclaredErrorOptions = {}) {
    const { code } = new.target;
    const { message = code, ...rest } = options;
    super(message, rest);
    this.name = new.target.name;
    this.code = code;
    this.data = data;
    Object.defineProperty(this, declared, { value: true });
  }
}

/** The class of one error of the contract. */
export interface DeclaredErrorClass {
  readonly code: string;
  new (...parts: never[]): DeclaredError;
}

/** Whether a handler ended with an error of its own contract, from whichever copy of this package. */
export function isDeclared(error: unknown): error is DeclaredError {
  return error instanceof Error && declared in error && !received.has(error);
}

/** An answer that is an error of the contract. */
export interface ReceivedError {
  readonly code?: string;
  readonly message?: string;
  readonly data?: JsonHandle;
}

/**
 * The answer of a peer as an exception. Left uncaught, it is no error of the agent that called.
 * `classes` are those that its agent's module exports.
 */
export function receivedError(classes: readonly DeclaredErrorClass[], answer: ReceivedError): DeclaredError {
  const { code = 'peer_invalid', message = code } = answer;
  const Class = classes.find((known) => known.code === code) ?? unknownError(code);
  // A class of an error without data takes the options only.
  const parts = answer.data === undefined ? [{ message }] : [JSON.parse(native().textOf(answer.data)), { message }];
  const error = new Class(...(parts as never[]));
  received.add(error);
  return error;
}

/** The peer has a newer contract, whose error this one does not know. */
function unknownError(code: string): DeclaredErrorClass {
  return class UnknownError extends DeclaredError {
    static override readonly code = code;
  };
}
