// Builds the addon and its TLS with cargo and puts them beside the loader, under the name of this platform.
// Without arguments the debug profile; `--release` for what is published; `--built` takes what the workspace's build has left.

import { spawnSync } from 'node:child_process';
import { copyFileSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { platformNames } = createRequire(import.meta.url)('../native.cjs');
const root = join(import.meta.dirname, '..');
const [option] = process.argv.slice(2);

// A released addon has its TLS beside it, where libraries are found as on Unix.
const features = process.platform === 'win32' ? [] : ['--no-default-features'];
const patterns = { darwin: 'lib*.dylib', win32: '*.dll' };
const file = (name) => (patterns[process.platform] ?? 'lib*.so').replace('*', name);

/** Builds with cargo, and finds the library of this name among what it says it made. */
function build(what, name) {
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
    .flatMap((message) => (message.target?.name === name ? (message.filenames ?? []) : []))
    .find((made) => made.endsWith(file(name)));
  if (built === undefined) throw new Error(`cargo built no library of the name ${name}`);
  return built;
}

/** The library of a package: alone for a release, so that it gets its own features only. */
function libraryOf(crate, name) {
  if (option === '--built') return join(root, '../target/debug', file(name));
  if (option === '--release') return build(['-p', crate, '--release', ...features], name);
  // The whole workspace in debug: the same features as everybody else's build, so that nothing is compiled twice.
  return build(['--workspace'], name);
}

/** Renamed into place: a process that has the old file loaded keeps it. */
function place(library, stem) {
  const placed = join(root, `${stem}.${platformNames()[0]}.node`);
  copyFileSync(library, `${placed}.new`);
  renameSync(`${placed}.new`, placed);
  console.log(`built ${placed}`);
}

place(libraryOf('peer-contract-node', 'peer_contract_node'), 'peer-contract');
// What the first connection over TLS opens; it lies beside the addon under a name made of the addon's.
place(libraryOf('peer-contract-tls-library', 'peer_contract_tls_library'), 'peer-contract-tls');
