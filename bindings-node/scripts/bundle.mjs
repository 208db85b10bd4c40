// Puts the modules into one file: each file that `require` has to find, read and compile costs a cold start about half a
// millisecond of CPU. Names stay as they are in the sources, so that the stack of an exception can be read.

import { join } from 'node:path';

import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

await build({
  absWorkingDir: root,
  // The loop is what `bin/runtime.mjs` runs; it shares no values with the rest.
  entryPoints: ['js/index.ts', 'js/loop.ts'],
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
});
