// Generates the modules that the tests import: those of the demo's contract, of the compiler's goldens, and of the tests' own.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const goldens = 'codegen/tests/golden';
const out = 'bindings-node/test/.generated';

const contracts = [
  ['research', 'examples/research-brief/research-brief.contract.yaml'],
  ['tape', 'bindings-node/test/support/tape.contract.yaml'],
  ...readdirSync(`${root}/${goldens}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => [`golden/${name}`, contractIn(`${goldens}/${name}`)]),
];

function contractIn(folder) {
  return `${folder}/${readdirSync(`${root}/${folder}`).find((name) => name.startsWith('contract.'))}`;
}

// The tests import this package by its name, as everybody does.
const packages = `${root}/bindings-node/test/node_modules`;
mkdirSync(packages, { recursive: true });
rmSync(`${packages}/peer-contract`, { force: true });
symlinkSync('../..', `${packages}/peer-contract`, 'junction');

// `PEERC` names a command that is built already; without it cargo builds one.
const [command, ...first] = process.env.PEERC ? [process.env.PEERC] : ['cargo', 'run', '-q', '-p', 'peerc', '--'];
for (const [name, contract] of contracts) {
  const arguments_ = [...first, 'generate', contract, '--javascript', `${out}/${name}`];
  const { status, error } = spawnSync(command, arguments_, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error) throw new Error(`${command} could not be started`, { cause: error });
  if (status !== 0) process.exit(status ?? 1);
}
