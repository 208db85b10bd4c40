// What generated modules are made of. Not for people: its shape follows the generator.

import { codecOf } from './codec';
import type { Codec } from './codec';
import { Contract } from './contract';
import { DeclaredError } from './declared';
import type { DeclaredErrorClass } from './declared';
import { AppliedOperation } from './operation';
import { handlerOf } from './serve';
import type { Handler } from './serve';
import type { Readers } from './tape';

export { DeclaredError };
export { any, flag, has, list, map, number, put, record, rest, shape, text, word } from './tape';

/** The contract that a module was generated from; it and what reads its texts are loaded on first use. */
export function contract(text: string, hash: string, readers?: () => Readers): Contract {
  return Contract.embedded(text, hash, readers);
}

/** The codec of a type. */
export function codec(of: Contract, at: string): Codec<unknown> {
  return codecOf(of, at);
}

/** An operation applied to its input; `errors` are those that a call of it may be answered with. */
export function operation(name: string, input: unknown, errors?: readonly DeclaredErrorClass[]): AppliedOperation {
  return new AppliedOperation(name, input, errors);
}

/** A handler for an agent, for Lambda and for local runs. */
export function handler(of: Contract, agentName: string, agent: object): Handler {
  return handlerOf(of, agentName, agent);
}
