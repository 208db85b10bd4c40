// A handler's life: an event becomes a turn, the turn runs a method of the agent, its result is the answer.

import { readPart } from './codec';
import type { Contract } from './contract';
import { ContractError, FunctionError } from './error';
import { fromBytes, toBytes } from './json';
import { guarded, guardedLater, native } from './native';
import type { Answer, BatchHandle, Beginning, HostHandle } from './native';
import { serveKey } from './serve-key';
import { Turn } from './turn';
import type { Method } from './turn';

/** What Lambda's Node runtime calls. */
export type Handler = (event: unknown, context?: unknown) => Promise<unknown>;

/** What the platform says about one invocation. */
export interface Invocation {
  /** The same when Lambda itself retries. */
  readonly requestId: string;
  /** When the platform ends it, milliseconds since 1970. */
  readonly deadlineMs?: number | undefined;
  readonly traceId?: string | undefined;
}

/** Serves one agent from bytes to bytes. */
export type Serve = (event: Uint8Array, invocation: Invocation) => Promise<Answer>;

/** What makes an agent from its configuration. */
export type Make = (config: unknown) => object;

/** A handler of one agent: objects in and out for the managed runtime, bytes for our own loop. */
export function handlerOf(contract: Contract, agentName: string, agent: object | Make): Handler {
  const host = guarded(() => native().newHost(contract.handle(), agentName));
  const made = typeof agent === 'function' ? (agent as Make)(configOf(host, contract, agentName)) : agent;
  const methods = methodsOf(contract, agentName, made);
  const serve = serveOver(host, contract, agentName, methods);

  async function handler(event: unknown, context?: unknown): Promise<unknown> {
    const answer = await serve(toBytes(event), invocationOf(context));
    if (answer.payload !== undefined) return fromBytes(answer.payload);
    throw new FunctionError(answer.code ?? 'handler_failed', answer.message ?? '', answer.at ?? '');
  }
  return Object.defineProperty(handler, serveKey, { value: serve });
}

/** The agent's configuration; what is wrong with it fails the start of the sandbox under its own code. */
function configOf(host: HostHandle, contract: Contract, agentName: string): unknown {
  try {
    return guarded(() => readPart(contract.compiled(`/agents/${agentName}/config`), native().hostConfig(host)));
  } catch (error) {
    if (error instanceof ContractError) throw new FunctionError(error.code, error.message, error.at);
    throw error;
  }
}

/** From bytes to bytes over one host. */
export function serveOver(
  host: HostHandle,
  contract: Contract,
  agentName: string,
  methods: ReadonlyMap<string, Method>,
): Serve {
  return async (event, { requestId, deadlineMs, traceId }) => {
    const begun = await guardedLater(() => native().begin(host, event, requestId, deadlineMs, traceId));
    const run = (next: Beginning) => new Turn(contract, agentName, next).run(methods);
    return begun.answer ?? (begun.batch === undefined ? run(begun) : runEach(begun.batch, run));
  };
}

/** All messages of an event, one after the other. */
async function runEach(batch: BatchHandle, run: (next: Beginning) => Promise<Answer>): Promise<Answer> {
  let next = await guardedLater(() => native().next(batch));
  while (next.answer === undefined) {
    const ended = await run(next);
    next = await guardedLater(() => native().next(batch, ended));
  }
  return next.answer;
}

/**
 * The methods of an agent by operation.
 *
 * @throws {TypeError} when one is missing
 */
export function methodsOf(contract: Contract, agentName: string, agent: object): ReadonlyMap<string, Method> {
  const operations = contract.operations.filter((operation) => operation.agent === agentName);
  return new Map(operations.map(({ name, target }) => [name, methodOf(agent, name, target)]));
}

function methodOf(agent: object, name: string, target: string): Method {
  const method: unknown = Reflect.get(agent, name);
  // Every object has a `toString` and a `constructor`; they are not what the contract means by these names.
  const inherited =
    name === 'constructor' ? !Object.hasOwn(agent, name) : method === Reflect.get(Object.prototype, name);
  if (typeof method !== 'function' || inherited) throw new TypeError(`the agent has no method for \`${target}\``);
  return method.bind(agent) as Method;
}

function invocationOf(context: unknown): Invocation {
  const { awsRequestId = '', getRemainingTimeInMillis } = (context ?? {}) as Partial<LambdaContext>;
  const left = getRemainingTimeInMillis?.call(context);
  return {
    requestId: awsRequestId,
    deadlineMs: left === undefined ? undefined : Date.now() + left,
    traceId: process.env['_X_AMZN_TRACE_ID'],
  };
}

/** The part of Lambda's context object that is used here. */
interface LambdaContext {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}
