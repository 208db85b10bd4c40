// Values that generated code makes are those of `JSON.parse`, whatever the text looks like.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';

import { Contract } from 'peer-contract';
import { Bag, Crowd, Many, Texts, Typed, $contract } from './.generated/tape/index.mjs';
import { Instances } from './support/instances.mjs';

const require = createRequire(import.meta.url);
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

const goldens = readdirSync(new URL('./.generated/golden', import.meta.url)).map((name) => `golden/${name}`);
const packages = ['research', 'tape', ...goldens];

/** Everything that a call gives or throws. */
function outcome(call) {
  try {
    return { value: call() };
  } catch (error) {
    return { problems: error.problems ?? assert.fail(error) };
  }
}

function assertSame(codec, text) {
  assert.deepStrictEqual(codec.fromJson(text), JSON.parse(text), text.slice(0, 400));
}

for (const name of packages) {
  test(`${name}: what is read is what JSON.parse gives, and wrong texts have the same problems`, () => {
    const { $contract: generated, readers } = require(`./.generated/${name}/_contract.cjs`);
    const { types } = readers();
    const contract = JSON.parse(generated.canonical());
    const other = Contract.parse(generated.canonical());
    const instances = new Instances(contract, 7);
    for (const at of types.keys()) {
      const [codec, plain] = [generated.codec(at), other.codec(at)];
      let right = 0;
      for (let round = 0; round < 150; round += 1) {
        const text = instances.text(at);
        const expected = outcome(() => plain.fromJson(text));
        assert.deepStrictEqual(
          outcome(() => codec.fromJson(text)),
          expected,
          `${at}: ${text}`,
        );
        if (expected.problems === undefined) {
          assert.deepStrictEqual(expected.value, JSON.parse(text));
          right += 1;
        }
      }
      assert.ok(right > 0, `no text was right for ${at}`);
    }
    assert.equal({}.x ?? Object.prototype.polluted, undefined);
  });
}

test('members may have any name, and come in any order', () => {
  const text =
    '{"__proto__":"own","toString":[1],"name":"n","1":"one","constructor":"c","valueOf":{"__proto__":{"x":1}}}';
  const value = Bag.fromJson(text);
  assert.deepStrictEqual(value, JSON.parse(text));
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.ok(Object.hasOwn(value, '__proto__') && Object.hasOwn(value, 'constructor'));
  assert.equal({}.x, undefined);
  assertSame(Typed, '{"b":{"y":1,"x":2},"id":"i","__proto__":{"x":1,"y":-0}}');
});

test('members that the contract names come in canonical order, behind them the others in the order of the text', () => {
  const value = Bag.fromJson('{"zz":1,"name":"n","done":true,"count":1,"aa":2}');
  assert.deepEqual(Object.keys(value), ['name', 'count', 'done', 'zz', 'aa']);
});

test('forty optional members, in any number', () => {
  const all = Object.entries({ id: 'i', ...JSON.parse(manyText()) });
  for (let count = 0; count <= 40; count += 1) {
    const chosen = all.filter(([key], index) => key === 'id' || (index * 7) % 40 < count);
    assertSame(Many, JSON.stringify(Object.fromEntries(chosen)));
    assertSame(Many, JSON.stringify(Object.fromEntries(chosen.reverse())));
  }
});

function manyText() {
  const values = ['"text"', '2147483648', 'true', '-0.5'];
  return `{${Array.from({ length: 40 }, (_, index) => `"o${index}":${values[index % 4]}`).join()}}`;
}

test('a tape grows with its text, and a type that would need too much of it is read without', () => {
  assertSame(Crowd, `[${Array.from({ length: 5_000 }, (_, index) => `{"id":"${index}","o3":0.5}`).join()}]`);
  assertSame(Crowd, `[${Array.from({ length: 500 }, () => `{"id":"i",${manyText().slice(1)}`).join()}]`);
  assertSame(Crowd, `[${'{"id":""},'.repeat(90_000)}{"id":""}]`);
});

test('strings of all lengths and alphabets are whole, wherever their chunks end', () => {
  const letters = ['a', 'é', '日', '🙂', '\n', '"'];
  const lengths = [0, 1, 12, 13, 14, 65_535, 65_536, 65_537, 200_000];
  const texts = lengths.flatMap((length) => letters.map((letter) => letter.repeat(length)));
  assertSame(Texts, JSON.stringify(texts));
  const mixed = Array.from({ length: 20_000 }, (_, index) => letters[index % 6].repeat((index * 31) % 97));
  assertSame(Texts, JSON.stringify(mixed));
});

test('a kept string does not keep its text', () => {
  const text = Buffer.from(
    JSON.stringify(Array.from({ length: 100_000 }, (_, index) => `a string of the text: ${index}`)),
  );
  Texts.fromJson('[]');
  gc();
  const before = process.memoryUsage().heapUsed;
  const [kept] = Texts.fromJson(text);
  gc();
  const grown = process.memoryUsage().heapUsed - before;
  assert.equal(kept, 'a string of the text: 0');
  assert.ok(grown < 500_000, `${grown} bytes are still there`);
});

test('a thousand refusals leave nothing behind', () => {
  const wrong = Buffer.from(JSON.stringify([...Array.from({ length: 2_000 }, () => ({ id: 'i' })), { id: 3 }]));
  const refuse = () => assert.throws(() => Crowd.fromJson(wrong), { code: 'type_mismatch', at: '/2000/id' });
  const used = () => {
    gc();
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  for (let round = 0; round < 20; round += 1) refuse();
  const before = used();
  for (let round = 0; round < 1_000; round += 1) refuse();
  const grown = used() - before;
  assert.ok(grown < 500_000, `${grown} bytes are still there`);
});

test('threads have tapes of their own', async () => {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { deepStrictEqual } = require('node:assert');
    const { Bag } = require(workerData.module);
    for (let round = 0; round < 300; round += 1) {
      const text = JSON.stringify({ name: workerData.name + round, points: Array.from({ length: round }, (_, x) => ({ x, y: 0.5 })) });
      deepStrictEqual(Bag.fromJson(text), JSON.parse(text));
    }
    parentPort.postMessage('done');`;
  const module = require.resolve('./.generated/tape/index.cjs');
  const workers = ['one', 'two'].map((name) => new Worker(script, { eval: true, workerData: { module, name } }));
  const done = workers.map(
    (worker) => new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject)),
  );
  assert.deepEqual(await Promise.all(done), ['done', 'done']);
});

test('what a reader does not expect is read as what it is', () => {
  assert.equal($contract.codec('/$defs/Bag').fromJson('{"name":"n","ratio":null}').ratio, null);
  assertSame(Bag, '{"name":"n","loose":{"y":1,"x":2}}');
  assertSame(Bag, '{"name":"n","loose":[{"y":1,"x":2}]}');
  assertSame(Bag, '{"name":"n","anything":{"a":[{"b":null}]},"byName":{"__proto__":{"x":1,"y":2}}}');
});
