import type { Contract } from './contract';
import { bytesOf, fromBytes, toBytes } from './json';
import { guarded, native } from './native';
import type { SchemaHandle } from './native';

/** Reads and writes values of one type of the contract, validating in both directions. */
export interface Codec<T> {
  /**
   * Reads strict JSON.
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
}

/** The codec of the schema at a JSON Pointer, which is compiled on first use. */
export function codecOf<T>(contract: Contract, at: string): Codec<T> {
  let compiled: SchemaHandle | undefined;
  const schema = () => (compiled ??= guarded(() => native.schemaAt(contract.handle(), at)));

  return Object.freeze({
    fromJson(data: Uint8Array | string): T {
      const text = bytesOf(data);
      guarded(() => native.validate(schema(), text));
      return fromBytes(text) as T;
    },
    toJson(value: T): Uint8Array {
      const text = toBytes(value);
      guarded(() => native.validate(schema(), text));
      return text;
    },
  });
}
