// Instances through generated JavaScript: lines `{"name", "text"}` in, what became of each out. Started in the folder of the modules.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The text after decoding and encoding, or why it did not get through. */
function passed(codec, text) {
  let step = 'decode';
  try {
    const value = codec.fromJson(text);
    step = 'encode';
    return { text: Buffer.from(codec.toJson(value)).toString() };
  } catch (error) {
    if (error.name === 'ContractError') return { step, code: error.code, at: error.at };
    return { step, crash: String(error) };
  }
}

const lines = readFileSync(0, 'utf8').split('\n').filter(Boolean);
const answers = [];
const modules = new Map();
for (const line of lines) {
  const { name, text } = JSON.parse(line);
  if (!modules.has(name)) modules.set(name, await import(pathToFileURL(join(process.cwd(), name, 'index.mjs')).href));
  answers.push(JSON.stringify(passed(modules.get(name).Case, text)));
}
process.stdout.write(answers.map((answer) => `${answer}\n`).join(''));
