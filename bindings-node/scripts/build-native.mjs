// Builds the addon with cargo and puts it beside the loader, under the name of this platform.
// Without arguments the debug profile, which the tests of the workspace have built already;
// `--release` for what is published.

import { spawnSync } from 'node:child_process';
import { copyFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { platformNames } = createRequire(import.meta.url)('../native.cjs');
const root = join(import.meta.dirname, '..');
const release = process.argv.includes('--release');

const library = { darwin: 'libpeer_contract_node.dylib', win32: 'peer_contract_node.dll' }[process.platform];
// The whole workspace in debug: the same features as everybody else's build, so that nothing is compiled twice.
const what = release ? ['-p', 'peer-contract-node', '--release'] : ['--workspace'];
const arguments_ = ['build', ...what, '--message-format=json-render-diagnostics'];

const cargo = spawnSync('cargo', arguments_, {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (cargo.error) throw new Error('cargo could not be started; get it at https://rustup.rs', { cause: cargo.error });
if (cargo.status !== 0) process.exit(cargo.status ?? 1);

const built = cargo.stdout
  .split('\n')
  .filter((line) => line.startsWith('{'))
  .map((line) => JSON.parse(line))
  .flatMap((message) => (message.target?.name === 'peer_contract_node' ? (message.filenames ?? []) : []))
  .find((file) => file.endsWith(library ?? 'libpeer_contract_node.so'));
if (built === undefined) throw new Error('cargo built no library of the name peer_contract_node');

// Renamed into place: a process that has the old file loaded keeps it.
const addon = join(root, `peer-contract.${platformNames()[0]}.node`);
copyFileSync(built, `${addon}.new`);
renameSync(`${addon}.new`, addon);
console.log(`built ${addon}`);
