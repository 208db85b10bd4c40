import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';

import { reasoner } from './.generated/research/index.mjs';
import { agents, ranking } from './support/agents.mjs';

const serveKey = Symbol.for('peer-contract.serve');
const invocation = { requestId: 'request' };

/** How long the event loop stood still at most, in milliseconds, while `run` ran. */
async function longestPause(run) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await run();
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return delay.max / 1e6;
}

test('10 MB are checked off the event loop: it pauses for little more than JSON.parse takes', async () => {
  const serve = reasoner.lambdaHandler(agents.reasoner)[serveKey];
  // Refused at its end, after all of it was read and checked: no part of it has to come to JavaScript.
  const passages = Array.from({ length: 12_000 }, () => ({
    text: 'x'.repeat(800),
    year: 1900,
    speaker: 's',
    score: 1,
  }));
  const event = Buffer.from(JSON.stringify({ text: 'too much', extra: { ...ranking, passages } }));
  assert.ok(event.length > 9e6);

  const started = performance.now();
  let answer;
  const pause = await longestPause(async () => (answer = await serve(event, invocation)));
  const took = performance.now() - started;
  assert.equal(answer.code, 'property_unknown');
  assert.ok(pause < Math.max(25, took / 2), `the loop stood still for ${pause} of ${took} ms`);
});

test('small messages are answered in the same turn of the event loop', async () => {
  const serve = reasoner.lambdaHandler(agents.reasoner)[serveKey];
  let turns = 0;
  const count = setInterval(() => (turns += 1), 0);
  const { payload } = await serve(Buffer.from('{"text":"hello there"}'), invocation);
  clearInterval(count);
  assert.equal(turns, 0);
  assert.equal(JSON.parse(payload).result.handoff.hop, 2);
});
