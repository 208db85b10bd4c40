// Our own loop over Lambda's Runtime API.
//
// It hands bytes to the core, where Lambda's managed runtime hands over objects: duplicate keys and
// numbers beyond 2^53-1 can still be seen. A handler that is not ours gets objects, as on Lambda.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { ContractError } from './error';
import type { Answer } from './native';
import { RuntimeApi } from './runtime-api';
import type { Handler, Serve } from './serve';
import { serveKey } from './serve-key';

/**
 * Serves `<file>.<handler>` until the platform ends the process; the ending of the file may be left out.
 *
 * @returns the exit code, when the handler cannot be loaded or the Runtime API is gone
 */
export async function runLoop(place: string, address: string): Promise<number> {
  const api = new RuntimeApi(address);
  try {
    const serve = await start(place, api);
    if (serve === undefined) return 1;
    for (;;) await answerNext(serve, api);
  } catch (error) {
    console.error(`the Runtime API at ${address} is gone: ${error instanceof Error ? error.message : 'no answer'}`);
    return 1;
  }
}

async function start(place: string, api: RuntimeApi): Promise<Serve | undefined> {
  try {
    return serveOf(await loadHandler(place));
  } catch (error) {
    console.error(isOfSettings(error) ? wordsOf(error) : error);
    await api.initError({ code: codeOf(error), message: messageOf(error), at: placeOf(error) });
    return undefined;
  }
}

async function answerNext(serve: Serve, api: RuntimeApi): Promise<void> {
  const { event, invocation } = await api.next();
  // Libraries for tracing read it from there.
  process.env['_X_AMZN_TRACE_ID'] = invocation.traceId ?? '';
  await api.answer(invocation.requestId, await serve(event, invocation).catch(failed));
}

async function loadHandler(place: string): Promise<Handler> {
  const dot = place.lastIndexOf('.');
  const [stem, name] = [place.slice(0, dot), place.slice(dot + 1)];
  const endings = ['', '.mjs', '.js', '.cjs'];
  const file = endings.map((ending) => resolve(stem + ending)).find((path) => existsSync(path));
  if (dot <= 0 || file === undefined) throw new TypeError(`there is no file for the handler \`${place}\``);
  const module = (await import(pathToFileURL(file).href)) as { default?: Record<string, unknown> };
  const handler = (module as Record<string, unknown>)[name] ?? module.default?.[name];
  if (typeof handler !== 'function') throw new TypeError(`\`${stem}\` exports no function \`${name}\``);
  return handler as Handler;
}

function serveOf(handler: Handler): Serve {
  const ours = (handler as { [serveKey]?: Serve })[serveKey];
  return ours ?? ((event, invocation) => serveObjects(handler, event, invocation.requestId, invocation.deadlineMs));
}

async function serveObjects(
  handler: Handler,
  event: Uint8Array,
  awsRequestId: string,
  deadlineMs = Infinity,
): Promise<Answer> {
  const context = { awsRequestId, getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()) };
  const result = await handler(JSON.parse(Buffer.from(event).toString()), context);
  return { payload: Buffer.from(JSON.stringify(result) ?? 'null') };
}

/** What was thrown goes to the log; the invoker learns its kind. */
function failed(error: unknown): Answer {
  console.error(error);
  return { code: codeOf(error), message: 'the handler threw an exception' };
}

// This file and the package are bundled apart, and have classes of their own: errors are known by what they say.

/** Somebody's settings are wrong, and no line of code is. */
function isOfSettings(error: unknown): error is ContractError {
  const codes = ['address_refused', 'configuration_invalid', 'store_failed'];
  return error instanceof Error && error.name === 'ContractError' && codes.includes(codeOf(error));
}

function placeOf(error: unknown): string {
  return error instanceof Error && 'at' in error && typeof error.at === 'string' ? error.at : '';
}

function wordsOf({ code, message, problems }: ContractError): string {
  const help = problems[0]?.help ?? '';
  return `${code}: ${message}${help === '' ? '' : `\n${help}`}`;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'handler_failed';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the handler cannot be loaded';
}
