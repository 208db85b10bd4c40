// A chain of agents in this process: no server, no ports, the same checks.

import { readPart } from './codec';
import type { Contract } from './contract';
import { DeclaredError, receivedError } from './declared';
import type { DeclaredErrorClass } from './declared';
import { toText } from './json';
import { guarded, guardedLater, native } from './native';
import type { Ended } from './native';
import { placesOf } from './operation';
import { methodsOf, serveOver } from './serve';
import type { Handler, Serve } from './serve';

/** What `import * as research from './research/index.mjs'` gives. */
export interface ContractModule {
  readonly $contract: Contract;
}

/** The agents of a generated module, by name, each as its `lambdaHandler` takes it. */
export type Agents<M> = {
  readonly [Name in keyof M as M[Name] extends AgentModule ? Name : never]?: M[Name] extends {
    lambdaHandler(agent: infer Agent): Handler;
  }
    ? Agent
    : never;
};

interface AgentModule {
  lambdaHandler(agent: never): Handler;
}

/** Options of {@link run}. */
export interface RunOptions {
  /** Where to begin: `reasoner.plan`. May be left out when the contract has one entry. */
  readonly entry?: string;
}

/** A work that came to its end. */
export interface Finished {
  /** The work. */
  readonly work: string;
  /** The operation that ended it. */
  readonly target: string;
  /** The phase it ended in. */
  readonly phase: string | undefined;
  /** Messages it took. */
  readonly hops: number;
  readonly output: unknown;
}

/**
 * Runs one work from its entry to its end.
 *
 * @throws {DeclaredError} when an error of the contract ended the work
 * @throws {ContractError} everything else; `peer_unreachable` for an agent that was not given
 */
export async function run<M extends ContractModule>(
  module: M,
  agents: Agents<M>,
  input: unknown,
  { entry = '' }: RunOptions = {},
): Promise<Finished> {
  const peers = new PeersHere(module.$contract, agents as Readonly<Record<string, object>>);
  const text = toText(input);
  const ended = await guardedLater(() => native().runHere(module.$contract.handle(), entry, text, peers.invoke));
  return finished(module, ended);
}

/** The agents behind one another. */
class PeersHere {
  readonly #serves = new Map<string, Serve>();

  constructor(contract: Contract, agents: Readonly<Record<string, object>>) {
    for (const [name, agent] of Object.entries(agents)) {
      const methods = methodsOf(contract, name, agent);
      const host = guarded(() => native().newLocalHost(contract.handle(), name, this.invoke));
      this.#serves.set(name, serveOver(host, contract, name, methods));
    }
  }

  readonly invoke = async (agent: string, payload: Buffer) => {
    const serve = this.#serves.get(agent);
    if (serve !== undefined) return serve(payload, { requestId: crypto.randomUUID() });
    return { code: 'peer_unreachable', message: `no agent \`${agent}\` was given to this run`, at: '' };
  };
}

function finished(module: ContractModule, ended: Ended): Finished {
  const { work, target, phase, hops, output } = ended;
  if (output !== undefined) {
    const type = module.$contract.compiled(placesOf(target).output);
    return { work, target, phase, hops, output: readPart(type, output) };
  }
  throw receivedError(errorsOf(module, target), ended);
}

/** The error classes that the module of an operation's agent exports. */
function errorsOf(module: object, target: string): DeclaredErrorClass[] {
  const agent = target.slice(0, target.indexOf('.'));
  const exported: unknown = Reflect.get(module, agent) ?? Reflect.get(module, `${agent}_`) ?? {};
  return Object.values(exported as object).filter((value) => value?.prototype instanceof DeclaredError);
}
