// Handlers as Lambda's managed Node runtime calls them: objects in, objects out.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatter, ranker, reasoner } from './.generated/research/index.mjs';
import { agents, question } from './support/agents.mjs';

const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 30_000 };

/** A reasoner whose `plan` is this function. */
function planning(plan) {
  return reasoner.lambdaHandler({ ...agents.reasoner, plan });
}

/** What a start with a handler comes to. */
async function resultOf(plan) {
  const { result } = await planning(plan)(question, context);
  return result;
}

/** Runs without the log of what a handler did wrong; gives its text. */
async function logged(run) {
  const write = process.stderr.write;
  let log = '';
  process.stderr.write = (text) => (log += text) !== '';
  try {
    await run();
  } finally {
    process.stderr.write = write;
  }
  return log;
}

const plan = { terms: [{ text: 'canal', weight: 1 }], limit: 3, round: 1 };

test('a plain input starts a work, whose handoff is the answer', async () => {
  const { work, result } = await reasoner.lambdaHandler(agents.reasoner)(question, context);
  assert.match(work, /^[0-9a-f-]{36}$/);
  assert.equal(result.handoff.type, 'research-brief.ranker.rank');
  assert.equal(result.handoff.data.state.question, question.text);
});

test('an envelope goes on to the next agent, objects in and out', async () => {
  const { result } = await reasoner.lambdaHandler(agents.reasoner)(question, context);
  const handed = await ranker.lambdaHandler(agents.ranker)(result.handoff, context);
  assert.equal(handed.type, 'research-brief.reasoner.widen');
  assert.equal(handed.phase, 'thin');
  assert.equal(handed.subject, result.handoff.subject);
});

test('an error of the contract is a reply', async () => {
  const { error } = await resultOf(() => {
    throw new reasoner.Unanswerable({ reason: 'why' }, { message: 'nothing to search for' });
  });
  assert.equal(error.code, 'unanswerable');
  assert.equal(error.message, 'nothing to search for');
  assert.deepEqual(error.data, { reason: 'why' });
  assert.equal('at' in error, false);
});

test('what a handler gives wrongly is refused with its code and place', async () => {
  const cases = [
    ['output_invalid', '/input/limit', () => ranker.rank({ ...plan, limit: 0 })],
    ['output_invalid', '/input/limit', () => ranker.rank({ ...plan, limit: 1n })],
    ['output_invalid', '/state/rounds', (work) => ((work.state.rounds = 'two'), ranker.rank(plan))],
    ['output_invalid', '/state', (work) => ((work.state = undefined), ranker.rank(plan))],
    ['outcome_refused', '', () => formatter.render({ plan, passages: [], byYear: [], searched: 0 })],
    ['output_invalid', '/data/reason', () => assert.fail(new reasoner.Unanswerable({ reason: 3 }))],
    ['output_invalid', '/output', () => undefined],
    ['output_invalid', '/output', () => Symbol('x')],
  ];
  for (const [code, at, handler] of cases) {
    await logged(async () => {
      const { error } = await resultOf(handler);
      assert.deepEqual({ code: error.code, at: error.at }, { code, at }, `${handler}`);
    });
  }
});

test('an operation of another contract is refused', async () => {
  const { generated } = await import('peer-contract');
  await logged(async () => {
    const { error } = await resultOf(() => generated.operation('other/ranker.rank', plan));
    assert.equal(error.code, 'outcome_refused');
  });
});

test('an unexpected exception is a function error without its text; the stack is in the log', async () => {
  let thrown;
  const log = await logged(async () => {
    thrown = await planning(() => {
      throw new RangeError('a secret value');
    })(question, context).catch((error) => error);
  });
  assert.equal(thrown.name, 'handler_failed');
  assert.equal(thrown.message, '`reasoner.plan` threw `RangeError`');
  assert.doesNotMatch(thrown.stack, /secret|lambda\.test/);
  assert.match(
    log,
    /reasoner\.plan \(work [0-9a-f-]{36}, hop 1\) threw an exception\nRangeError: a secret value\n +at /,
  );
});

test('an event that cannot be read is a function error with code and place', async () => {
  const handler = reasoner.lambdaHandler(agents.reasoner);
  await assert.rejects(handler({ text: 3 }, context), { name: 'type_mismatch', at: '/text' });
  await assert.rejects(handler({ text: 'hello', n: 2 ** 53 }, context), { name: 'json_number', at: '/n' });
});

test('a handler that takes too long is stopped waiting for, and its signal says so', async () => {
  const short = { ...context, getRemainingTimeInMillis: () => 2_300 };
  let signal;
  const slow = planning((work) => {
    signal = work.signal;
    return new Promise(() => {});
  });
  await logged(() => assert.rejects(slow(question, short), { name: 'handler_failed' }));
  assert.equal(signal.aborted, true);
});

test('an agent made with `class` keeps its `this`', async () => {
  class Reasoner {
    #limit = 7;
    plan() {
      return ranker.rank({ ...plan, limit: this.#limit });
    }
    widen() {
      return ranker.rank(plan);
    }
  }
  const { result } = await reasoner.lambdaHandler(new Reasoner())(question, context);
  assert.equal(result.handoff.data.input.limit, 7);
});
