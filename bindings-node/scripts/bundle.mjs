// Puts the compiled modules into one file. Every file that `require` has to find, read and wrap costs a cold start about
// half a millisecond of CPU, and there are more of them than a start may cost. Each file stays, as a door to its module.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '../dist');
const names = readdirSync(dist).filter((name) => name.endsWith('.js') && name !== 'bundle.js');
const sources = names.map((name) => [`./${name.slice(0, -3)}`, readFileSync(join(dist, name), 'utf8')]);

/** What a compiled module exports, for `import`, which looks for names in the text of a file without running it. */
function exported(source) {
  const found = source.matchAll(/\bexports\.(\w+) =|defineProperty\(exports, "(\w+)"/g);
  return [...new Set([...found].map(([, assigned, defined]) => assigned ?? defined))].filter(
    (name) => name !== '__esModule',
  );
}

const modules = sources.map(([name, source]) => `  '${name}': (exports, require) => {\n${source}  },\n`);
const bundle = `'use strict';
const external = require;
const modules = {
${modules.join('')}};
const loaded = new Map();
function load(name) {
  const run = modules[name];
  if (run === undefined) return external(name);
  let exports = loaded.get(name);
  if (exports === undefined) {
    loaded.set(name, (exports = {}));
    run(exports, load);
  }
  return exports;
}
module.exports = load;
`;

writeFileSync(join(dist, 'bundle.js'), bundle);
for (const [name, source] of sources) {
  const hint = exported(source).join(', ');
  writeFileSync(
    join(dist, `${name}.js`),
    `'use strict';\nmodule.exports = require('./bundle.js')('${name}');\n0 && (module.exports = { ${hint} });\n`,
  );
}
