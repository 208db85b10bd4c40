import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import * as esm from 'peer-contract';
import { Contract, ContractError, load } from 'peer-contract';
import * as research from './.generated/research/index.mjs';

const require = createRequire(import.meta.url);

test('import and require give the same classes', () => {
  const cjs = require('peer-contract');
  assert.deepEqual(
    Object.keys(cjs).sort(),
    Object.keys(esm)
      .filter((name) => name !== 'default')
      .sort(),
  );
  for (const name of Object.keys(cjs)) assert.equal(cjs[name], esm[name], name);
});

test('generated code is the same for import and require', () => {
  const cjs = require('./.generated/research/index.cjs');
  assert.deepEqual(Object.keys(cjs).sort(), Object.keys(research).sort());
  assert.equal(cjs.$contract, research.$contract);
  for (const agent of ['reasoner', 'ranker', 'formatter']) {
    assert.deepEqual(Object.keys(cjs[agent]).sort(), Object.keys(research[agent]).sort());
  }
  assert.deepEqual(cjs.Question.fromJson('{"text":"hello"}'), { text: 'hello' });
  assert.equal(cjs.ranker.rank({}).target, 'ranker.rank');
});

test('a contract tells its name, version, hash and operations', () => {
  const contract = Contract.parse(research.$contract.canonical());
  assert.equal(contract.name, 'research-brief');
  assert.equal(contract.version, '1.0.0');
  assert.equal(contract.hash, research.$contract.hash);
  assert.match(contract.hash, /^sha256:[0-9a-f]{64}$/);
  assert.equal(contract.operation('ranker.score').kind, 'callable');
  assert.equal(contract.operation('reasoner.plan').kind, 'entry');
  assert.equal(contract.operation('ranker.nothing'), undefined);
});

test('a contract that breaks rules gives all problems at once', () => {
  assert.throws(
    () =>
      Contract.parse('{"peerContract":"1","name":"Bad Name","version":"1.0.0","agents":{"1":{"operations":{}}},"x":1}'),
    (error) => error instanceof ContractError && error.problems.length > 1,
  );
});

test('load reads a file, and a missing file is the error of Node', async () => {
  const schemas = new URL('../../schemas/vectors/contracts/research-brief.json', import.meta.url);
  assert.equal((await load(schemas)).name, 'research-brief');
  await assert.rejects(load('nowhere.json'), { code: 'ENOENT' });
});
