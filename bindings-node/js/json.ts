// JavaScript values to JSON bytes without losing anything on the way, and back.

import buffer = require('node:buffer');

import type { ErrorCode } from './codes';
import { ContractError } from './error';
import { JSON_DEPTH, JSON_VALUES } from './limits';

/** A value that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The bytes of {@link toText}. */
export function toBytes(value: unknown): Buffer {
  return Buffer.from(toText(value));
}

/**
 * Writes JSON. `JSON.stringify` alone would drop functions, write `null` for `NaN` and `{}` for a
 * `Map` or a promise that nobody awaited; here these are errors with their place. A member that is
 * `undefined` is absent.
 *
 * @throws {ContractError} with a `json_*` code or `type_mismatch`
 */
export function toText(value: unknown): string {
  left = JSON_VALUES;
  try {
    if (!isInherited('toJSON') && isPlain(value, JSON_DEPTH)) return JSON.stringify(value);
  } catch {
    // A getter threw; the walk says which.
  }
  return walked(value);
}

/** Values that may still come. */
let left = 0;

/** Whether all objects have a property that they did not bring along. */
function isInherited(name: string): boolean {
  return name in Array.prototype;
}

/**
 * Whether a value is made of what JSON has and nothing else, within the limits. It answers fast; {@link Walk} has
 * the last word on a no, and says where.
 */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return (
        value === null || (Array.isArray(value) ? areItemsPlain(value, depth - 1) : areMembersPlain(value, depth - 1))
      );
    default:
      return false;
  }
}

function areItemsPlain(items: readonly unknown[], depth: number): boolean {
  left -= items.length;
  // An array, too, may have been given a `toJSON` of its own.
  if (depth < 0 || left < 0 || 'toJSON' in items) return false;
  for (let index = 0; index < items.length; index += 1) {
    if (!isPlain(items[index], depth)) return false;
  }
  return true;
}

function areMembersPlain(value: object, depth: number): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (depth < 0 || left < 0 || (prototype !== Object.prototype && prototype !== null)) return false;
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    left -= 1;
    if (typeof member !== 'string' && member !== undefined && !isPlain(member, depth)) return false;
  }
  return left >= 0;
}

function walked(value: unknown): string {
  const walk = new Walk();
  try {
    walk.visit(value);
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof ContractError) throw error;
    throw walk.problem('type_mismatch', 'reading the value threw an exception', error);
  }
}

/** Reads JSON that the core wrote. */
export function fromBytes(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return JSON.parse(text.toString(buffer.isAscii(text) ? 'latin1' : 'utf8'));
}

/**
 * Bytes as they are, text in UTF-8. Half of a surrogate pair has no UTF-8 form and would become
 * another character.
 *
 * @throws {ContractError} `json_surrogate`
 */
export function bytesOf(data: Uint8Array | string): Uint8Array {
  if (typeof data !== 'string') return data;
  if (data.isWellFormed()) return Buffer.from(data);
  throw new ContractError({ code: 'json_surrogate', at: '', message: 'the text holds half of a surrogate pair' });
}

/** Looks at a value as `JSON.stringify` would, and refuses what that would change in silence. */
class Walk {
  readonly #path: (string | number)[] = [];
  #left = JSON_VALUES;

  visit(value: unknown): void {
    if (this.#left-- <= 0) throw this.problem('json_too_many_values', `more than ${JSON_VALUES} values`);
    if (typeof value === 'string' || typeof value === 'boolean' || value === null) return;
    if (typeof value === 'number') return this.#number(value);
    if (typeof value === 'object') return this.#object(value);
    throw typeof value === 'bigint'
      ? this.problem('json_number', 'found a BigInt; a number within 2^53-1, or text, was expected')
      : this.problem('type_mismatch', `found ${typeof value === 'undefined' ? value : `a ${typeof value}`}`);
  }

  #number(value: number): void {
    if (!Number.isFinite(value)) throw this.problem('json_number', 'found a number that is not finite');
  }

  #object(value: object): void {
    if (this.#path.length >= JSON_DEPTH) {
      throw this.problem('json_depth', `nested deeper than ${JSON_DEPTH}; does the value hold itself?`);
    }
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.#replaced(value.toJSON());
    if (Array.isArray(value)) return this.#items(value);
    const kind = Object.prototype.toString.call(value);
    if (kind !== '[object Object]') throw this.problem('type_mismatch', `found a ${kind.slice(8, -1)}`);
    this.#members(value);
  }

  #members(value: object): void {
    for (const key of Object.keys(value)) {
      this.#path.push(key);
      const member = (value as Record<string, unknown>)[key];
      if (member !== undefined) this.visit(member);
      this.#path.pop();
    }
  }

  // `JSON.stringify` asks `toJSON` once and takes what it gives as it is.
  #replaced(value: unknown): void {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return this.#members(value);
    this.visit(value);
  }

  #items(items: readonly unknown[]): void {
    for (let index = 0; index < items.length; index += 1) {
      this.#path.push(index);
      this.visit(items[index]);
      this.#path.pop();
    }
  }

  problem(code: ErrorCode, message: string, cause?: unknown): ContractError {
    const at = this.#path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return new ContractError({ code, at, message }, cause === undefined ? {} : { cause });
  }
}
