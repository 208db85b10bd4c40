import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { ContractError } from 'peer-contract';
import { Brief, Question, Ranking } from './.generated/research/index.mjs';
import { ranking } from './support/agents.mjs';

const problem = (code, at) => (error) => {
  assert.ok(error instanceof ContractError, String(error));
  assert.deepEqual({ code: error.code, at: error.at }, { code, at });
  return true;
};

test('a value of the type comes through unchanged, from text and from bytes', () => {
  const text = JSON.stringify(ranking);
  assert.deepEqual(Ranking.fromJson(text), ranking);
  assert.deepEqual(Ranking.fromJson(Buffer.from(text)), ranking);
  assert.deepEqual(JSON.parse(Buffer.from(Ranking.toJson(ranking)).toString()), ranking);
});

test('a digest is that of the canonical text, whatever the order of members', () => {
  const { plan, ...others } = ranking;
  const digest = Buffer.from(Ranking.digest(ranking)).toString('hex');
  assert.equal(Buffer.from(Ranking.digest({ ...others, plan })).toString('hex'), digest);
  const canonical =
    '{"byYear":[],"passages":[],"plan":{"limit":3,"round":1,"terms":[{"text":"canal","weight":1}]},"searched":3}';
  assert.equal(digest, createHash('sha256').update(canonical).digest('hex'));
  assert.throws(() => Ranking.digest({ ...ranking, searched: 'three' }), problem('type_mismatch', '/searched'));
});

test('an error has the code, the place and a sentence without the value', () => {
  assert.throws(() => Question.fromJson('{"text": 3}'), problem('type_mismatch', '/text'));
  assert.throws(() => Question.fromJson('{"text": 3}'), { message: 'expected string, found integer (at `/text`)' });
  assert.throws(() => Question.toJson({}), problem('required_missing', '/text'));
  assert.throws(() => Question.fromJson('{"text": "hello", "secret": 1}'), problem('property_unknown', '/secret'));
});

test('an error lists everything that was found', () => {
  assert.throws(
    () => Brief.fromJson('{"question": 1, "rounds": "x"}'),
    ({ problems }) => {
      assert.deepEqual(
        problems.map(({ at }) => at),
        ['/question', '/rounds'],
      );
      return true;
    },
  );
});

test('strict JSON holds where bytes are read', () => {
  const cases = {
    json_syntax: '{"text": ',
    json_duplicate_key: '{"text": "one", "text": "two"}',
    json_surrogate: '{"text": "\\ud800"}',
    json_number: '{"text": 9007199254740993}',
    json_encoding: Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]),
    json_depth: '['.repeat(65) + ']'.repeat(65),
  };
  for (const [code, text] of Object.entries(cases)) {
    assert.throws(() => Question.fromJson(text), { code }, code);
  }
  assert.throws(() => Question.fromJson('"\ud800"'), { code: 'json_surrogate' });
});

test('what JSON.stringify would change in silence is refused at its place', () => {
  const base = { question: 'q', rounds: 1 };
  const cyclic = { ...base };
  cyclic.self = cyclic;
  const throwing = Object.defineProperty({ ...base }, 'x', { enumerable: true, get: () => assert.fail('secret') });
  const cases = [
    ['json_number', '/x', { ...base, x: 1n }],
    ['json_number', '/x', { ...base, x: NaN }],
    ['json_number', '/x/1', { ...base, x: [1, Infinity] }],
    ['type_mismatch', '/x', { ...base, x: () => 1 }],
    ['type_mismatch', '/x', { ...base, x: Symbol('s') }],
    ['type_mismatch', '/x', { ...base, x: Promise.resolve(1) }],
    ['type_mismatch', '/x', { ...base, x: new Map() }],
    ['type_mismatch', '/x/0', { ...base, x: [undefined] }],
    ['type_mismatch', '/x', throwing],
    ['type_mismatch', '/x', { ...base, x: { toJSON: () => undefined } }],
    ['json_number', '/x', { ...base, x: { toJSON: () => 2n } }],
    ['json_number', '/a~1b~0c', { ...base, 'a/b~c': NaN }],
    ['type_mismatch', '', undefined],
    ['json_surrogate', '/question', { ...base, question: '\ud800' }],
    ['json_number', '/rounds', { ...base, rounds: 2 ** 53 }],
  ];
  for (const [code, at, value] of cases) assert.throws(() => Brief.toJson(value), problem(code, at));
  assert.throws(() => Brief.toJson(cyclic), { code: 'json_depth' });
  assert.throws(
    () => Brief.toJson(throwing),
    (error) => !error.message.includes('secret'),
  );
});

test('a value with too many parts ends in time', () => {
  let tree = [];
  for (let depth = 0; depth < 40; depth += 1) tree = [tree, tree];
  assert.throws(() => Brief.toJson({ question: 'q', rounds: 1, tree }), { code: 'json_too_many_values' });
});

test('dates write themselves, and a member that is undefined is absent', () => {
  const when = new Date(0);
  const text = Buffer.from(Brief.toJson({ question: 'q', rounds: 1, when, notes: undefined })).toString();
  assert.deepEqual(JSON.parse(text), { question: 'q', rounds: 1, when: '1970-01-01T00:00:00.000Z' });
});

test('unknown members survive, and `__proto__` is a member like any other', () => {
  const text = '{"question":"q","rounds":1,"extra":{"deep":[1.5,0.1,1e300]},"__proto__":{"polluted":true}}';
  const value = Brief.fromJson(text);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal({}.polluted, undefined);
  assert.deepEqual(Object.keys(value), ['question', 'rounds', 'extra', '__proto__']);
  assert.deepEqual(Brief.fromJson(Brief.toJson(value)), value);
});

test('the largest integers keep their value', () => {
  const rounds = Number.MAX_SAFE_INTEGER;
  assert.equal(Brief.fromJson(Brief.toJson({ question: 'q', rounds })).rounds, rounds);
});

test('a text of any characters has the hash of its canonical form, wherever a pair of surrogates lies', () => {
  for (let length = 0; length < 40; length += 1) {
    const question = `${'x'.repeat(length)}\u{1f4da}naïve – "\u0001"\u{1f4da}${'y'.repeat(length)}`;
    const canonical = JSON.stringify({ question, rounds: 1 });
    const expected = createHash('sha256').update(canonical).digest('hex');
    assert.equal(Buffer.from(Brief.digest({ rounds: 1, question })).toString('hex'), expected);
  }
});

test('an array with a `toJSON` of its own is written as that says', () => {
  const notes = Object.assign(['a'], { toJSON: () => ['b'] });
  assert.deepEqual(Brief.fromJson(Brief.toJson({ question: 'q', rounds: 1, notes })).notes, ['b']);
  const wrong = Object.assign(['a'], { toJSON: () => () => 1 });
  assert.throws(() => Brief.toJson({ question: 'q', rounds: 1, notes: wrong }), { code: 'type_mismatch' });
});
