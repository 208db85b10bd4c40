// The addon, and its exceptions made ours.

import path = require('node:path');

import loader = require('../native.cjs');
import type { Addon } from '../native.cjs';
import { ContractError } from './error';
import type { Problem } from './error';

export type * from '../native.cjs';

let addon: Addon | undefined;

/** The functions of the addon, which is loaded with the first contract. */
export function native(): Addon {
  return (addon ??= loader.load(path.join(__dirname, '..')));
}

/** Runs a call into the addon; a problem of the core arrives as a {@link ContractError}. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw translated(error);
  }
}

/** The same for calls that may end later. */
export async function guardedLater<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translated(error);
  }
}

// Problems cross the border as JSON in the message of an exception, see `src/error.rs`.
const PROBLEMS = '{"problems":';

/** An exception of the addon as ours. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error) || !error.message.startsWith(PROBLEMS)) return error;
  const { problems } = JSON.parse(error.message) as { problems: [Problem, ...Problem[]] };
  return new ContractError(problems[0], { problems });
}
