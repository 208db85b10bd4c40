// Generates the modules that the tests import: those of the demo's contract.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const contract = 'examples/research-brief/research-brief.contract.yaml';
const out = 'bindings-node/test/.generated/research';

// `PEERC` names a command that is built already; without it cargo builds one.
const [command, ...first] = process.env.PEERC ? [process.env.PEERC] : ['cargo', 'run', '-q', '-p', 'peerc', '--'];
const { status, error } = spawnSync(command, [...first, 'generate', contract, '--javascript', out], {
  cwd: root,
  stdio: 'inherit',
});
if (error) throw new Error(`${command} could not be started`, { cause: error });
process.exit(status ?? 1);
