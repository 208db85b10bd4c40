import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import { ContractError, local, Work } from 'peer-contract';
import * as research from './.generated/research/index.mjs';
import { agents, question, ranking } from './support/agents.mjs';

const { ranker, reasoner } = research;

test('a chain runs from the entry to the end, with a loop, a call and one state', async () => {
  const { target, phase, hops, output } = await local.run(research, agents, question);
  assert.deepEqual(
    { target, phase, hops, output },
    {
      target: 'formatter.render',
      phase: 'delivered',
      hops: 5,
      output: { title: question.text, html: 'scored 0.5 after 2 rounds' },
    },
  );
});

test('an error of the contract arrives as its class', async () => {
  await assert.rejects(local.run(research, agents, { text: 'nothing' }), (error) => {
    assert.ok(error instanceof reasoner.Unanswerable);
    assert.deepEqual(
      { code: error.code, data: error.data },
      { code: 'unanswerable', data: { reason: 'no searchable term' } },
    );
    return true;
  });
});

test('a wrong input is refused before any agent runs', async () => {
  const untouched = { ...agents, reasoner: { plan: () => assert.fail(), widen: () => assert.fail() } };
  await assert.rejects(local.run(research, untouched, { text: 3 }), { code: 'type_mismatch', at: '/text' });
});

test('an agent that was not given is named', async () => {
  await assert.rejects(local.run(research, { reasoner: agents.reasoner }, question), (error) => {
    assert.ok(error instanceof ContractError);
    assert.equal(error.code, 'peer_unreachable');
    assert.match(error.message, /`ranker`/);
    return true;
  });
});

test('an agent without a method of its contract is refused at once', async () => {
  await assert.rejects(local.run(research, { reasoner: { plan() {} } }, question), /no method for `reasoner\.widen`/);
});

test('an error of a peer that a handler does not catch is a failure of the handler', async () => {
  const failing = { ...agents, ranker: { ...agents.ranker, rank: () => assert.fail('no values here') } };
  await assert.rejects(local.run(research, failing, question), (error) => {
    assert.equal(error.code, 'handler_failed');
    assert.doesNotMatch(error.message, /no values here/);
    return true;
  });
});

test('a handler can be tested alone', async () => {
  const work = Work.create({ question: 'canals', rounds: 1 }, { answer: (target) => ({ score: target.length / 100 }) });
  const report = await agents.formatter.render(work, ranking);
  assert.deepEqual(report, { title: 'canals', html: 'scored 0.12 after 1 rounds' });
});

test('a work for tests without answers says what it lacks', async () => {
  const work = Work.create({ question: 'canals', rounds: 1 });
  await assert.rejects(work.call(ranker.score({ text: 'x', terms: [] })), /without an answer for `ranker\.score`/);
});

test('ids of a work differ from each other and repeat with its key', () => {
  const [one, again] = [Work.create(null, { id: 'a' }), Work.create(null, { id: 'a' })];
  const ids = [one.uuid(), one.uuid()];
  assert.notEqual(ids[0], ids[1]);
  assert.deepEqual([again.uuid(), again.uuid()], ids);
});

test('draws of a work are those of the other languages', () => {
  const folder = new URL('../../schemas/vectors/draws/', import.meta.url);
  const vectors = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  assert.ok(vectors.length > 0);
  for (const { about, key, draws } of vectors) {
    const work = Work.create(null, { id: key });
    const drawn = draws.map(({ uuid }) => (uuid === undefined ? work.random() : work.uuid()));
    assert.deepEqual(
      drawn,
      draws.map(({ uuid, fraction }) => uuid ?? fraction),
      about,
    );
  }
});

test('an operation is a frozen value that names itself', () => {
  const operation = ranker.rank(ranking.plan);
  assert.equal(operation.target, 'ranker.rank');
  assert.ok(Object.isFrozen(operation));
});
