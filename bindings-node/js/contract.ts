import { readFile } from 'node:fs/promises';

import { codecOf } from './codec';
import type { Codec } from './codec';
import { bytesOf } from './json';
import { guarded, native } from './native';
import type { ContractHandle } from './native';

/** What callers may know of an operation. */
export interface OperationFacts {
  readonly agent: string;
  readonly name: string;
  /** `agent.operation`. */
  readonly target: string;
  /** Identity of what callers and callee must agree on. */
  readonly hash: string;
  /** Whether work may begin there, come there later, or whether it answers calls. */
  readonly kind: 'entry' | 'phased' | 'callable';
}

interface Description {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  readonly operations: readonly OperationFacts[];
}

/** A contract that keeps all rules. */
export class Contract {
  readonly #text: Uint8Array | string;
  #parsed: ContractHandle | undefined;
  #described: Description | undefined;

  private constructor(text: Uint8Array | string) {
    this.#text = text;
  }

  /**
   * Reads and checks a contract in strict JSON.
   *
   * @throws {ContractError} its `problems` are all that was found
   */
  static parse(text: Uint8Array | string): Contract {
    const contract = new Contract(text);
    contract.handle();
    return contract;
  }

  /** A contract that was checked when code was generated from it; it is read on first use. */
  static embedded(text: string): Contract {
    return new Contract(text);
  }

  get name(): string {
    return this.#facts().name;
  }

  get version(): string {
    return this.#facts().version;
  }

  /** `sha256:` and 64 hex digits; annotations, key order and whitespace do not take part. */
  get hash(): string {
    return this.#facts().hash;
  }

  /** All operations, by agent and name. */
  get operations(): readonly OperationFacts[] {
    return this.#facts().operations;
  }

  /** The operation `agent.operation`, if there is one. */
  operation(target: string): OperationFacts | undefined {
    return this.operations.find((operation) => operation.target === target);
  }

  /** The text that the hash is over. */
  canonical(): string {
    return native.canonicalContract(this.handle()).toString();
  }

  /**
   * Reads and writes values of the schema at a JSON Pointer of the contract, such as `/$defs/Brief`.
   *
   * @throws {ContractError} `ref_unresolved` on first use, when there is no schema at that place
   */
  codec(at: string): Codec<unknown> {
    return codecOf(this, at);
  }

  /** @internal */
  handle(): ContractHandle {
    return (this.#parsed ??= guarded(() => native.parseContract(bytesOf(this.#text))));
  }

  #facts(): Description {
    return (this.#described ??= JSON.parse(native.describeContract(this.handle())) as Description);
  }
}

/** Reads, checks and compiles the contract in the JSON file at `path`. */
export async function load(path: string | URL): Promise<Contract> {
  return Contract.parse(await readFile(path));
}
