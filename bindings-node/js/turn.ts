// One run of a handler, from its input to the answer.

import { readPart } from './codec';
import type { Contract } from './contract';
import { isDeclared } from './declared';
import { ContractError } from './error';
import type { Problem } from './error';
import { toText } from './json';
import { guardedLater, native } from './native';
import type { Answer, Beginning, TurnHandle } from './native';
import { isFanOut } from './fan-out';
import { isOperation, placesOf, STATE } from './operation';
import type { AppliedOperation } from './operation';
import { askThrough, Work } from './work';
import type { WorkFacts } from './work';

/** A method of an agent. */
export type Method = (work: Work<unknown>, input: unknown) => unknown;

type Facts = WorkFacts & { readonly operation: string };

const late = Symbol('the time of the handler is over');

export class Turn {
  readonly #handle: TurnHandle;
  readonly #contract: Contract;
  readonly #operation: string;
  readonly #target: string;
  readonly #work: Work<unknown>;
  readonly #input: unknown;
  readonly #hasState: boolean;

  constructor(contract: Contract, agent: string, { turn, info, input, state }: Beginning) {
    if (turn === undefined || info === undefined || input === undefined) throw new TypeError('this is no turn');
    const told = JSON.parse(info) as Facts;
    const facts = { ...told, target: `${agent}.${told.operation}` };
    this.#handle = turn;
    this.#contract = contract;
    this.#operation = facts.operation;
    this.#target = facts.target;
    const { input: at } = placesOf(this.#target);
    this.#work = new Work(state && readPart(contract.compiled(STATE), state), facts, askThrough(turn, contract));
    this.#input = readPart(contract.compiled(at), input);
    this.#hasState = state !== undefined;
  }

  /** Runs the handler and ends the turn, whatever the handler does. */
  run(methods: ReadonlyMap<string, Method>): Promise<Answer> {
    return guardedLater(async () => {
      try {
        return await this.#finish(await this.#result(methods));
      } catch (error) {
        return await this.#fail(error);
      }
    });
  }

  async #result(methods: ReadonlyMap<string, Method>): Promise<unknown> {
    const method = methods.get(this.#operation);
    if (method === undefined) throw new TypeError(`the agent has no method for \`${this.#target}\``);
    let timer: NodeJS.Timeout | undefined;
    const expiry = new Promise((resolve) => {
      timer = setTimeout(resolve, this.#work.timeLeft(), late);
    });
    try {
      return await Promise.race([method(this.#work, this.#input), expiry]);
    } finally {
      clearTimeout(timer);
    }
  }

  #finish(result: unknown): Answer | Promise<Answer> {
    if (result === late) return this.#timeOut();
    if (isFanOut(result)) return this.#fanOut(result.children);
    if (!isOperation(result)) return native().reply(this.#handle, textAt('/output', result), this.#state());
    this.#mustBeOurs(result, '');
    return native().handoff(this.#handle, result.target, textAt('/input', result.input), this.#state());
  }

  #fanOut(children: readonly AppliedOperation[]): Answer | Promise<Answer> {
    const inputs = children.map((child, index) => {
      this.#mustBeOurs(child, `/children/${index}`);
      return textAt(`/children/${index}/input`, child.input);
    });
    const targets = children.map((child) => child.target);
    return native().fanOut(this.#handle, targets, inputs, this.#state());
  }

  #mustBeOurs({ contract, target }: AppliedOperation, at: string): void {
    const { name } = this.#contract;
    if (contract === name) return;
    const message = `\`${target}\` is an operation of \`${contract}\`, not of \`${name}\``;
    throw new UnfitResult({ code: 'outcome_refused', at, message });
  }

  #timeOut(): Answer | Promise<Answer> {
    this.#work.expire();
    this.#log('did not end in time');
    return native().timeOut(this.#handle);
  }

  #fail(error: unknown): Answer | Promise<Answer> {
    if (error instanceof UnfitResult) return this.#refuse(error.problem);
    if (!isDeclared(error)) return this.#unexpected(error);
    try {
      const data = error.data === undefined ? undefined : textAt('/data', error.data);
      return native().raise(this.#handle, error.code, error.message, data, this.#state());
    } catch (unfit) {
      return unfit instanceof UnfitResult ? this.#refuse(unfit.problem) : this.#unexpected(unfit);
    }
  }

  #refuse({ code, at, message }: Problem): Answer | Promise<Answer> {
    this.#log(`gave what does not fit the contract: ${message} (at \`${at}\`)`);
    return native().reject(this.#handle, code, at, message);
  }

  // An exception's text may hold payload values, so it goes to the log of this agent only.
  #unexpected(error: unknown): Answer | Promise<Answer> {
    this.#log(`threw an exception\n${error instanceof Error ? describe(error) : `a ${typeof error}`}`);
    return native().fail(this.#handle, `\`${this.#target}\` threw ${nameOf(error)}`);
  }

  #state(): string | undefined {
    return this.#hasState ? textAt('/state', this.#work.state) : undefined;
  }

  #log(text: string): void {
    process.stderr.write(`${this.#target} (work ${this.#work.id}, hop ${this.#work.hop}) ${text}\n`);
  }
}

/** What a handler gave, written as JSON; `part` is where it would stand in the answer. */
function textAt(part: string, value: unknown): string {
  try {
    return toText(value);
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    const { at, message } = error.problems[0] ?? error;
    throw new UnfitResult({ code: 'output_invalid', at: part + at, message });
  }
}

/** The handler's result cannot even be written. */
class UnfitResult extends Error {
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

function describe(error: Error): string {
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause instanceof Error ? `${stack}\ncaused by ${describe(error.cause)}` : stack;
}

/** A class name, a code of ours, or `an exception`; never the text of it. */
function nameOf(error: unknown): string {
  if (error instanceof ContractError) return `ContractError \`${error.code}\``;
  const name: unknown = error instanceof Error ? error.name : undefined;
  return typeof name === 'string' && /^[A-Za-z_$][\w$]{0,63}$/.test(name) ? `\`${name}\`` : 'an exception';
}
