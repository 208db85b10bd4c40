import { readdirSync, readFileSync } from 'node:fs';

const ROOT = new URL('../../../schemas/', import.meta.url);

/** The vectors of one folder, by file name. An empty folder is an error: a test that runs nothing is green for nothing. */
export function vectors(folder) {
  const place = new URL(`vectors/${folder}/`, ROOT);
  const names = readdirSync(place).filter((name) => name.endsWith('.json'));
  if (names.length === 0) throw new Error(`schemas/vectors/${folder} is empty`);
  return names.sort().map((name) => [name, readJson(`vectors/${folder}/${name}`)]);
}

/** A JSON file below `schemas/`. */
export function readJson(path) {
  return JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'));
}
