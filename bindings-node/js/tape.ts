// Values from the tape that one native call has filled; `src/tape/mod.rs` says what lies on it.
//
// The readers of a generated package (`_contract.cjs`) are made of these functions. Each takes `p`, the index of a cell.

import { native } from './native';
import type { JsonHandle, TypeHandle } from './native';

/** Makes the value of the cell at an index. */
export type Read = (p: number) => unknown;

/** What a generated package says about its types. */
export interface Readers {
  readonly shapes: readonly (readonly (string | number)[])[];
  /** By the numbers of their shapes, from 1. */
  readonly records: readonly Read[];
  /** By JSON Pointer: number of the shape, and reader. */
  readonly types: ReadonlyMap<string, readonly [number, Read]>;
}

/** A type whose texts are read over the tape. */
export interface TapeType {
  readonly handle: TypeHandle;
  readonly read: Read;
  readonly records: readonly Read[];
  /** The words of its schema, each made when it is first met. */
  readonly words: (string | undefined)[];
}

// Kinds of cells, the same as in `src/tape/sink.rs`.
const KIND = 15;
const ABSENT = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const INTEGER = 4;
const DOUBLE = 5;
const TEXT = 6;
const WORD = 7;
const LIST = 8;
const MAP = 9;
const RECORD = 10;
const JSON_TEXT = 11;

/** Words of a tape at first: 16 KiB. */
const FIRST = 1 << 12;
/** Words of a tape that is kept: 2 MiB. */
const KEPT = 1 << 19;

const NOTHING: readonly string[] = [];
const NO_TYPE = { records: [], words: [] } as unknown as TapeType;

let tape = new Uint32Array(0);
let doubles = new Float64Array(0);
let chunks: readonly string[] = NOTHING;
let type = NO_TYPE;

/** A property is missing that the type says is there: what was generated does not fit the schema. */
const unfit = new Error('this value is read in another way');

/**
 * Checks a text and makes its value.
 *
 * @returns `undefined` when the text must be read in another way
 */
export function readTape(of: TapeType, text: Uint8Array): unknown {
  if (tape.length < text.length >> 2) reserve(text.length >> 2);
  return read(
    of,
    fill(
      () => native().fillTape(of.handle, text, tape),
      () => text.length,
    ),
  );
}

/** The same for a part of a message. */
export function readTapeOf(of: TapeType, part: JsonHandle): unknown {
  return read(
    of,
    fill(
      () => native().fillTapeOf(of.handle, part, tape),
      () => native().sizeOf(part),
    ),
  );
}

function read(of: TapeType, found: string | string[] | null): unknown {
  if (found === null) return undefined;
  chunks = typeof found === 'string' ? [found] : found;
  type = of;
  try {
    return of.read(0);
  } catch (error) {
    if (error === unfit) return undefined;
    throw error;
  } finally {
    chunks = NOTHING;
    type = NO_TYPE;
    if (tape.length > KEPT) reserve(FIRST);
  }
}

/** Sixteen bytes of tape for one of text are enough for all but the strangest types. */
function fill(onTape: () => string | string[] | null, length: () => number): string | string[] | null {
  if (tape.length === 0) reserve(FIRST);
  for (;;) {
    const found = onTape();
    if (found !== null) return found;
    const size = length();
    const most = FIRST + 4 * size;
    if (tape.length >= most) return null;
    reserve(Math.min(most, Math.max(4 * tape.length, size >> 2)));
  }
}

function reserve(words: number): void {
  const memory = new ArrayBuffer(8 * Math.ceil(words / 2));
  tape = new Uint32Array(memory);
  doubles = new Float64Array(memory);
}

/** A string. */
export function text(p: number): unknown {
  const what = tape[p + 1]!;
  if ((what & KIND) !== TEXT) return any(p);
  const place = tape[p]!;
  const first = place & 0xffff;
  return chunks[place >>> 16]!.substring(first, first + (what >>> 4));
}

/** A string that the schema spells out. */
export function word(p: number): unknown {
  return tape[p + 1] === WORD ? (type.words[tape[p]!] ?? newWord(tape[p]!)) : any(p);
}

function newWord(index: number): string {
  return (type.words[index] = native().wordAt(type.handle, index) ?? '');
}

/** A number. */
export function number(p: number): unknown {
  const what = tape[p + 1];
  if (what === INTEGER) return tape[p]! | 0;
  return what === DOUBLE ? doubles[tape[p]!] : any(p);
}

/** `true` or `false`. */
export function flag(p: number): unknown {
  const what = tape[p + 1];
  return what === TRUE ? true : what === FALSE ? false : any(p);
}

/** An array of what `read` reads. */
export function list(p: number, read: Read): unknown {
  const what = tape[p + 1]!;
  if ((what & KIND) !== LIST) return any(p);
  const first = tape[p]!;
  const items = new Array<unknown>(what >>> 4);
  for (let index = 0; index < items.length; index += 1) items[index] = read(first + 2 * index);
  return items;
}

/** An object with any keys, and values that `read` reads. */
export function map(p: number, read: Read): unknown {
  return (tape[p + 1]! & KIND) === MAP ? members({}, p, read) : any(p);
}

/** Adds the members of a record that its shape does not name. */
export function rest(value: object, at: number, read: Read = any): object {
  return members(value, at, read);
}

function members(value: object, p: number, read: Read): object {
  const first = tape[p]!;
  const end = first + 4 * (tape[p + 1]! >>> 4);
  for (let at = first; at < end; at += 4) put(value, key(at), read(at + 2));
  return value;
}

function key(p: number): string {
  return (tape[p + 1]! & KIND) === TEXT ? (text(p) as string) : (word(p) as string);
}

/** Adds a member, whatever its name means to the prototype of all objects. */
export function put(value: object, name: string, member: unknown): void {
  if (name in value) {
    Object.defineProperty(value, name, { value: member, configurable: true, enumerable: true, writable: true });
  } else {
    (value as Record<string, unknown>)[name] = member;
  }
}

/** Index of the first cell of a record of the shape; 0 when the value is something else. */
export function record(p: number, shape: number): number {
  return tape[p + 1] === ((shape << 4) | RECORD) ? tape[p]! : 0;
}

/** The shape of a record; 0 when the value is something else. */
export function shape(p: number): number {
  const what = tape[p + 1]!;
  return (what & KIND) === RECORD ? what >>> 4 : 0;
}

/** Whether there is a value. */
export function has(p: number): boolean {
  return tape[p + 1] !== ABSENT;
}

/** Any value. */
export function any(p: number): unknown {
  const what = tape[p + 1]!;
  switch (what & KIND) {
    case NULL:
      return null;
    case FALSE:
      return false;
    case TRUE:
      return true;
    case INTEGER:
    case DOUBLE:
      return number(p);
    case TEXT:
      return text(p);
    case WORD:
      return word(p);
    case LIST:
      return list(p, any);
    case MAP:
      return map(p, any);
    case RECORD:
      return type.records[(what >>> 4) - 1]!(p);
    case JSON_TEXT:
      return JSON.parse(slice(p));
    default:
      throw unfit;
  }
}

function slice(p: number): string {
  const first = tape[p]! & 0xffff;
  return chunks[tape[p]! >>> 16]!.substring(first, first + (tape[p + 1]! >>> 4));
}
