import { isOperation } from './operation';
import type { AppliedOperation, Callable } from './operation';

declare const child: unique symbol;

/** Children of an operation. Returned from a handler, they run side by side, and the join goes on with what they give. */
export interface FanOut<Child> {
  readonly [child]: Child;
}

const brand = Symbol.for('peer-contract.fan-out');

/** What a {@link FanOut} is at run time. */
class AppliedFanOut {
  readonly children: readonly AppliedOperation[];

  constructor(children: readonly AppliedOperation[]) {
    this.children = Object.freeze(children);
    Object.defineProperty(this, brand, { value: true });
    Object.freeze(this);
  }
}

/**
 * Spreads the work over children, each an operation applied to its input:
 * `return fanOut(passages.map((passage) => ranker.score(passage)))`.
 */
export function fanOut<Child extends Callable<string, unknown>>(children: Iterable<Child>): FanOut<Child> {
  const applied = [...children].map((one: unknown) => {
    if (isOperation(one)) return one;
    throw new TypeError('fanOut takes operations applied to their inputs, such as ranker.score({ … })');
  });
  return new AppliedFanOut(applied) as unknown as FanOut<Child>;
}

/** Whether a handler's result is a fan-out, made by whichever copy of this package. */
export function isFanOut(value: unknown): value is AppliedFanOut {
  return typeof value === 'object' && value !== null && brand in value;
}
