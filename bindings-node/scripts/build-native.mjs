// Builds the addon with cargo and puts it beside the loader, under the name of this platform.
// Without arguments the debug profile; `--release` for what is published; `--built` takes what the workspace's build has left.

import { spawnSync } from 'node:child_process';
import { copyFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { platformNames } = createRequire(import.meta.url)('../native.cjs');
const root = join(import.meta.dirname, '..');
const [option] = process.argv.slice(2);

const names = { darwin: 'libpeer_contract_node.dylib', win32: 'peer_contract_node.dll' };
const library = names[process.platform] ?? 'libpeer_contract_node.so';

/** Builds with cargo, and finds the library among what it says it made. */
function build() {
  // The whole workspace in debug: the same features as everybody else's build, so that nothing is compiled twice.
  const what = option === '--release' ? ['-p', 'peer-contract-node', '--release'] : ['--workspace'];
  const cargo = spawnSync('cargo', ['build', ...what, '--message-format=json-render-diagnostics'], {
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
    .find((file) => file.endsWith(library));
  if (built === undefined) throw new Error('cargo built no library of the name peer_contract_node');
  return built;
}

const built = option === '--built' ? join(root, '../target/debug', library) : build();

// Renamed into place: a process that has the old file loaded keeps it.
const addon = join(root, `peer-contract.${platformNames()[0]}.node`);
copyFileSync(built, `${addon}.new`);
renameSync(`${addon}.new`, addon);
console.log(`built ${addon}`);
