import type { DeclaredErrorClass } from './declared';

declare const operation: unique symbol;
declare const output: unique symbol;

/** An operation applied to its input. Returned from a handler it is a handoff. */
export interface Operation<Name extends string> {
  readonly [operation]: Name;
}

/** An operation that can be called, too: `await work.call(…)` gives its output. */
export interface Callable<Name extends string, Output> extends Operation<Name> {
  readonly [output]: Output;
}

const brand = Symbol.for('peer-contract.operation');

/** What an {@link Operation} is at run time. */
export class AppliedOperation {
  /** `research-brief`. */
  readonly contract: string;
  /** `ranker.rank`. */
  readonly target: string;
  readonly input: unknown;
  /** Classes of the errors that a call may be answered with. */
  readonly errors: readonly DeclaredErrorClass[];

  constructor(name: string, input: unknown, errors: readonly DeclaredErrorClass[] = []) {
    const slash = name.indexOf('/');
    this.contract = name.slice(0, slash);
    this.target = name.slice(slash + 1);
    this.input = input;
    this.errors = errors;
    Object.defineProperty(this, brand, { value: true });
    Object.freeze(this);
  }
}

/** Whether a handler's result is a handoff, made by whichever copy of this package. */
export function isOperation(value: unknown): value is AppliedOperation {
  return typeof value === 'object' && value !== null && brand in value;
}

/** Where the schema of the state stands in a contract. */
export const STATE = '/state';

/** Where the schemas of an operation (`ranker.rank`) stand in a contract. */
export function placesOf(target: string): { readonly input: string; readonly output: string } {
  const dot = target.indexOf('.');
  const at = `/agents/${target.slice(0, dot)}/operations/${target.slice(dot + 1)}`;
  return { input: `${at}/input`, output: `${at}/output/schema` };
}
