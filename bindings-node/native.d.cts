// What the addon exports (`src/*.rs`) and the loader beside this file. A test compares the two.

declare const kind: unique symbol;

/** A checked contract. */
export interface ContractHandle {
  readonly [kind]: 'contract';
}

/** A compiled schema. */
export interface SchemaHandle {
  readonly [kind]: 'schema';
}

/** The shapes of a generated package. */
export interface ShapesHandle {
  readonly [kind]: 'shapes';
}

/** A type whose texts are read over the tape. */
export interface TypeHandle {
  readonly [kind]: 'type';
}

/** One agent in this process. */
export interface HostHandle {
  readonly [kind]: 'host';
}

/** One run of a handler. */
export interface TurnHandle {
  readonly [kind]: 'turn';
}

/** The messages of an event of a service. */
export interface BatchHandle {
  readonly [kind]: 'batch';
}

/** A part of a message, which was checked. */
export interface JsonHandle {
  readonly [kind]: 'json';
}

/** A turn with all that its handler needs, or the answer when no handler is to run. */
export interface Beginning {
  turn?: TurnHandle;
  /** Facts about the work, as JSON. */
  info?: string;
  /** The valid input. */
  input?: JsonHandle;
  /** The valid state; absent for a callable operation. */
  state?: JsonHandle;
  answer?: Answer;
  /** The messages of an event of a service: ask for one after the other with `next`. */
  batch?: BatchHandle;
}

/** What the platform gets: a payload, or code, sentence and place of a function error. */
export interface Answer {
  payload?: Buffer;
  code?: string;
  message?: string;
  at?: string;
}

/** What came of a call: an output, or an error of the contract. */
export interface Called {
  output?: JsonHandle;
  code?: string;
  message?: string;
  data?: JsonHandle;
  retryable?: boolean;
}

/** What a work came to: an output, or an error of the contract. */
export interface Ended {
  work: string;
  target: string;
  phase?: string;
  hops: number;
  output?: JsonHandle;
  code?: string;
  message?: string;
  data?: JsonHandle;
}

/** Takes an agent's name and a payload to the answer, in this process. */
export type InvokeHere = (agent: string, payload: Buffer) => Promise<Answer>;

/** Limits on one JSON text. */
export interface JsonLimits {
  depth: number;
  values: number;
}

/** The addon. What it throws is read by `js/native.ts`. */
export interface Addon {
  parseContract(text: Uint8Array): ContractHandle;
  /** The contract that generated code carries: canonical text, and the hash it had when it was checked. */
  embeddedContract(text: string, hash: string): ContractHandle;
  describeContract(contract: ContractHandle): string;
  canonicalContract(contract: ContractHandle): Buffer;
  schemaAt(contract: ContractHandle, at: string): SchemaHandle;
  validate(schema: SchemaHandle, text: Uint8Array): void;
  /** Checks a text and gives it as a string. */
  readText(schema: SchemaHandle, text: Uint8Array): string;
  textOf(json: JsonHandle): string;
  /** In bytes. */
  sizeOf(json: JsonHandle): number;
  /** Checks a text and gives the SHA-256 of its canonical form, a character for a byte. */
  digest(schema: SchemaHandle, text: string): string;
  parseShapes(text: string): ShapesHandle;
  bindType(schema: SchemaHandle, shapes: ShapesHandle, root: number): TypeHandle;
  countWords(type: TypeHandle): number;
  wordAt(type: TypeHandle, index: number): string | null;
  /** Checks a text and fills the tape; gives the chunks of its strings, or `null` when the tape is too small. */
  fillTape(type: TypeHandle, text: Uint8Array, tape: Uint32Array): string | string[] | null;
  /** The same for a part of a message. */
  fillTapeOf(type: TypeHandle, json: JsonHandle, tape: Uint32Array): string | string[] | null;
  errorCodes(): string[];
  drawnUuid(key: string, number: number): string;
  drawnFraction(key: string, number: number): number;
  jsonLimits(): JsonLimits;
  newHost(contract: ContractHandle, agent: string): HostHandle;
  /** The configuration that the agent is made from; waits for it. */
  hostConfig(host: HostHandle): JsonHandle;
  newLocalHost(contract: ContractHandle, agent: string, invoke: InvokeHere): HostHandle;
  runHere(contract: ContractHandle, entry: string, input: string, invoke: InvokeHere): Promise<Ended>;
  begin(
    host: HostHandle,
    event: Uint8Array,
    requestId: string,
    deadlineMs?: number,
    traceId?: string,
  ): Beginning | Promise<Beginning>;
  next(batch: BatchHandle, answer?: Answer): Beginning | Promise<Beginning>;
  reply(turn: TurnHandle, output: string, state?: string): Answer | Promise<Answer>;
  handoff(turn: TurnHandle, target: string, input: string, state?: string): Answer | Promise<Answer>;
  fanOut(turn: TurnHandle, targets: string[], inputs: string[], state?: string): Answer | Promise<Answer>;
  raise(turn: TurnHandle, code: string, message: string, data?: string, state?: string): Answer | Promise<Answer>;
  reject(turn: TurnHandle, code: string, at: string, message: string): Answer | Promise<Answer>;
  fail(turn: TurnHandle, message: string): Answer | Promise<Answer>;
  timeOut(turn: TurnHandle): Answer | Promise<Answer>;
  call(turn: TurnHandle, target: string, input: string): Promise<Called>;
  firstMessage(
    contract: ContractHandle,
    entry: string,
    input: string,
    byEvent: boolean,
    replyTo?: string,
  ): { work: string; message: string };
  rehearse(
    contract: ContractHandle,
    agent: string,
    event: Uint8Array,
    nowMs: number,
    sharedStore: boolean,
    deadlineMs?: number,
  ): string;
  rehearseEvent(
    contract: ContractHandle,
    agent: string,
    event: Uint8Array,
    ends: Uint8Array,
    nowMs: number,
    sharedStore: boolean,
    traceHeader?: string,
  ): string;
  rehearseRequests(contract: ContractHandle, target: string, messages: Uint8Array): string;
  fits(sends: ContractHandle, accepts: ContractHandle, target: string): string;
}

/** Finds the addon for this platform in the package's folder; the error of a failure names the files tried and the cause. */
export function load(folder: string): Addon;

/** Names of builds that may run here, likeliest first. */
export function platformNames(): string[];
