import type { Contract } from './contract';
import { bytesOf, toBytes, toText } from './json';
import { native, translated } from './native';
import type { JsonHandle, SchemaHandle } from './native';
import { readTape, readTapeOf } from './tape';
import type { TapeType } from './tape';

/** Reads and writes values of one type of the contract, validating in both directions. */
export interface Codec<T> {
  /**
   * Reads strict JSON. The value is what `JSON.parse` makes of it; members that the contract names come in the order of
   * canonical JSON, behind them the others in the order of the text.
   *
   * @throws {ContractError} with the code and the place of the first problem
   */
  fromJson(data: Uint8Array | string): T;
  /**
   * Writes JSON.
   *
   * @throws {ContractError} with the code and the place of the first problem
   */
  toJson(value: T): Uint8Array;
  /**
   * The SHA-256 of the value's canonical JSON (RFC 8785): the same for equal values, in all languages.
   *
   * @throws {ContractError} with the code and the place of the first problem
   */
  digest(value: T): Uint8Array;
}

/**
 * The codec of the schema at a JSON Pointer, which is compiled on first use. Values are held to the schema at
 * `alternative`, too, where there is one.
 */
export function codecOf<T>(contract: Contract, at: string, alternative?: string): Codec<T> {
  let compiled: Compiled | undefined;
  const type = () => (compiled ??= contract.compiled(at));
  const whole: Codec<T> = {
    fromJson: (data) => read(type(), bytesOf(data)) as T,
    toJson: (value) => write(type(), value),
    digest: (value) => digest(type(), value),
  };
  return Object.freeze(alternative === undefined ? whole : heldTo(whole, () => contract.compiled(alternative)));
}

function heldTo<T>(whole: Codec<T>, alternative: () => Compiled): Codec<T> {
  return {
    fromJson: (data) => {
      check(alternative(), bytesOf(data));
      return whole.fromJson(data);
    },
    toJson: (value) => {
      const text = whole.toJson(value);
      check(alternative(), text);
      return text;
    },
    digest: (value) => {
      check(alternative(), toBytes(value));
      return whole.digest(value);
    },
  };
}

/** A schema, and how generated code reads its texts if it does. */
export interface Compiled {
  readonly schema: SchemaHandle;
  readonly tape: TapeType | undefined;
}

/** Checks a text and makes its value. */
export function read({ schema, tape }: Compiled, text: Uint8Array): unknown {
  try {
    const value = tape && readTape(tape, text);
    return value === undefined ? JSON.parse(native().readText(schema, text)) : value;
  } catch (error) {
    throw translated(error);
  }
}

/** Makes the value of a part of a message, which the core has checked. */
export function readPart({ tape }: Compiled, part: JsonHandle): unknown {
  const value = tape && readTapeOf(tape, part);
  return value === undefined ? JSON.parse(native().textOf(part)) : value;
}

function write(compiled: Compiled, value: unknown): Uint8Array {
  const text = toBytes(value);
  check(compiled, text);
  return text;
}

function check({ schema }: Compiled, text: Uint8Array): void {
  try {
    native().validate(schema, text);
  } catch (error) {
    throw translated(error);
  }
}

function digest({ schema }: Compiled, value: unknown): Uint8Array {
  const text = toText(value);
  try {
    return Buffer.from(native().digest(schema, text), 'latin1');
  } catch (error) {
    throw translated(error);
  }
}
