import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { readJson } from './support/vectors.mjs';

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL('..', import.meta.url));
const addon = require('../native.cjs').load(folder);

test('the declarations name what the addon exports, and nothing else', () => {
  const declarations = readFileSync(new URL('../native.d.cts', import.meta.url), 'utf8');
  const [, body] = /export interface Addon \{\n([\s\S]*?)\n\}/.exec(declarations);
  const declared = [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name);
  assert.deepEqual(declared.sort(), Object.keys(addon).sort());
});

test('the codes are those of the core and of schemas/errors.json', () => {
  const source = readFileSync(new URL('../js/codes.ts', import.meta.url), 'utf8');
  const typed = [...source.matchAll(/^ {2}'(\w+)',$/gm)].map(([, code]) => code);
  assert.deepEqual(typed, addon.errorCodes());
  const listed = readJson('errors.json');
  const codes = (Array.isArray(listed) ? listed : listed.errors).map(({ code }) => code);
  assert.deepEqual(typed, codes);
});

test('the limits are those of the core', () => {
  const source = readFileSync(new URL('../js/limits.ts', import.meta.url), 'utf8');
  const numbers = [...source.matchAll(/ = ([\d_]+);$/gm)].map(([, number]) => Number(number.replaceAll('_', '')));
  const { depth, values } = addon.jsonLimits();
  assert.deepEqual(numbers, [depth, values]);
});

test('a handle of another kind is refused, not followed', () => {
  assert.throws(() => addon.describeContract({}));
  assert.throws(() => addon.begin(null, Buffer.from('{}'), 'id'));
});

/** Loads the addon in a fresh process that is told to take `file`. */
function loadWith(file) {
  const script = `try { require(${JSON.stringify(require.resolve('../native.cjs'))}).load('/nowhere') } catch (error) {
    console.log(JSON.stringify({ message: error.message, cause: error.cause.message })) }`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], {
    env: { ...process.env, PEER_CONTRACT_NATIVE: file },
    encoding: 'utf8',
  });
  return JSON.parse(stdout);
}

test('an addon that is not there is an error with the platform and the files tried', () => {
  const { message } = loadWith('/nowhere/peer-contract.node');
  assert.match(
    message,
    new RegExp(`cannot be loaded on ${process.platform}-${process.arch}, Node ${process.versions.node}`),
  );
  assert.match(message, /\/nowhere\/peer-contract\.node\n {4}not there/);
});

test('an addon that does not load is an error with the real cause', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'peer-contract-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'broken.node');
  writeFileSync(file, 'this is no shared library');
  const { message, cause } = loadWith(file);
  assert.ok(message.includes(cause.split('\n')[0]), message);
  assert.doesNotMatch(message, /not there/);
});
