import fs = require('node:fs');

import { codecOf } from './codec';
import type { Codec, Compiled } from './codec';
import { bytesOf, toText } from './json';
import { guarded, native } from './native';
import type { ContractHandle, SchemaHandle, ShapesHandle } from './native';
import type { Readers, TapeType } from './tape';

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

/** Options of {@link Contract.firstMessage}. */
export interface FirstOptions {
  /** How handoffs travel; `event` needs a shared store. */
  readonly delivery?: 'return' | 'event';
  /**
   * Who else gets the reply that ends the work, by `event`: an entry of the contract, `agent.operation`, or an address that
   * the agents list under `reply-to` in `PEER_CONTRACT_PEERS`.
   */
  readonly replyTo?: string;
}

/** A message that starts a work. */
export interface FirstMessage {
  readonly work: string;
  /** The payload of an invocation, or the body of a message in a queue. */
  readonly message: string;
}

interface Description {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  readonly operations: readonly OperationFacts[];
}

/** What generated code says about its contract. */
interface Embedded {
  readonly hash: string;
  readonly readers: (() => Readers) | undefined;
}

/** A contract that keeps all rules. */
export class Contract {
  readonly #text: Uint8Array | string;
  #parsed: ContractHandle | undefined;
  #described: Description | undefined;
  readonly #embedded: Embedded | undefined;
  #readers: Readers | undefined;
  #shapes: ShapesHandle | undefined;
  readonly #compiled = new Map<string, Compiled>();

  private constructor(text: Uint8Array | string, embedded?: Embedded) {
    this.#text = text;
    this.#embedded = embedded;
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

  /** @internal The contract of generated code, which was checked there; all of it is loaded on first use. */
  static embedded(text: string, hash: string, readers?: () => Readers): Contract {
    return new Contract(text, { hash, readers });
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
    return native().canonicalContract(this.handle()).toString();
  }

  /**
   * Reads and writes values of the schema at a JSON Pointer of the contract, such as `/$defs/Brief`.
   *
   * @throws {ContractError} `ref_unresolved` on first use, when there is no schema at that place
   */
  codec(at: string): Codec<unknown> {
    return codecOf(this, at);
  }

  /**
   * The first message of a new work that others deliver: by a queue, a topic, or an invocation.
   *
   * @throws {ContractError} for an input that does not fit; `address_refused` for a `replyTo` that gets no replies
   */
  firstMessage(entry: string, input: unknown, { delivery = 'return', replyTo }: FirstOptions = {}): FirstMessage {
    const text = toText(input);
    return guarded(() => native().firstMessage(this.handle(), entry, text, delivery === 'event', replyTo));
  }

  /** @internal */
  handle(): ContractHandle {
    return (this.#parsed ??= guarded(() => this.#parse()));
  }

  #parse(): ContractHandle {
    if (this.#embedded === undefined) return native().parseContract(bytesOf(this.#text));
    return native().embeddedContract(this.#text as string, this.#embedded.hash);
  }

  /** @internal The schema at a JSON Pointer, compiled on first use. */
  compiled(at: string): Compiled {
    const known = this.#compiled.get(at);
    if (known !== undefined) return known;
    const schema = guarded(() => native().schemaAt(this.handle(), at));
    const compiled = { schema, tape: this.#tapeType(at, schema) };
    this.#compiled.set(at, compiled);
    return compiled;
  }

  /** How generated code reads texts of a schema, if it does. */
  #tapeType(at: string, schema: SchemaHandle): TapeType | undefined {
    const readers = (this.#readers ??= this.#embedded?.readers?.());
    const found = readers?.types.get(at);
    if (readers === undefined || found === undefined) return undefined;
    const [shape, read] = found;
    this.#shapes ??= guarded(() => native().parseShapes(JSON.stringify(readers.shapes)));
    const handle = native().bindType(schema, this.#shapes, shape);
    return { handle, read, records: readers.records, words: new Array<undefined>(native().countWords(handle)) };
  }

  #facts(): Description {
    return (this.#described ??= JSON.parse(native().describeContract(this.handle())) as Description);
  }
}

/** Reads, checks and compiles the contract in the JSON file at `path`. */
export async function load(path: string | URL): Promise<Contract> {
  return Contract.parse(await fs.promises.readFile(path));
}
