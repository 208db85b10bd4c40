// What generated modules are made of. Not for people: its shape follows the generator.

import { codecOf } from './codec';
import type { Codec } from './codec';
import { Contract } from './contract';
import { DeclaredError } from './declared';
import type { DeclaredErrorClass } from './declared';
import { AppliedOperation } from './operation';
import { handlerOf } from './serve';
import type { Handler, Make } from './serve';
import { any, flag, has, list, map, number, put, record, rest, shape, text, word } from './tape';
import type { Readers } from './tape';

/** The contract that a module was generated from; it and what reads its texts are loaded on first use. */
function contract(text: string, hash: string, readers?: () => Readers): Contract {
  return Contract.embedded(text, hash, readers);
}

/** The codec of a type; of one alternative, with what stands beside it at `at`, where there are two places. */
function codec(of: Contract, at: string, alternative?: string): Codec<unknown> {
  return codecOf(of, at, alternative);
}

/** An operation applied to its input; `errors` are those that a call of it may be answered with. */
function operation(name: string, input: unknown, errors?: readonly DeclaredErrorClass[]): AppliedOperation {
  return new AppliedOperation(name, input, errors);
}

/** A handler for an agent, or for what makes it from its configuration, for Lambda and for local runs. */
function handler(of: Contract, agentName: string, agent: object | Make): Handler {
  return handlerOf(of, agentName, agent);
}

/** As one object, because bundling makes a getter for each export of a module that is exported whole. */
export const generated = {
  DeclaredError,
  contract,
  codec,
  operation,
  handler,
  any,
  flag,
  has,
  list,
  map,
  number,
  put,
  record,
  rest,
  shape,
  text,
  word,
};
