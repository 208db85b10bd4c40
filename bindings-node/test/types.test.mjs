// The declarations under the strictest settings: what fits passes, and what the contract does not allow is refused.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const folder = new URL('./.generated/types/', import.meta.url);

const OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  noEmit: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noImplicitOverride: true,
  checkJs: true,
  types: ['node'],
};

const GOOD = `
import { DeclaredError, local, Work } from 'peer-contract';
import * as research from '../../research/index.mjs';
const { formatter, ranker, reasoner, Brief } = research;

/** @type {research.ranker.Agent} */
const ranking = {
  rank(work, plan) {
    work.state.rounds += plan.round;
    const ranking = { plan, passages: [], byYear: [], searched: 1 };
    return plan.limit > 1 ? formatter.render(ranking) : reasoner.widen(ranking);
  },
  score: async (work, passage) => ({ score: passage.terms.length }),
};
export const handler = ranker.lambdaHandler(ranking);

export const formatting = formatter.lambdaHandler({
  async render(work, ranking) {
    const { score } = await work.call(ranker.score({ text: 'a', terms: [] }));
    return { title: work.state.question, html: String(score + ranking.searched) };
  },
});

export function caught(/** @type {unknown} */ error) {
  if (error instanceof reasoner.Unanswerable) return error.data.reason.length + error.code.length;
  return error instanceof DeclaredError ? 1 : 2;
}

const brief = Brief.fromJson('{}');
export const notes = brief.notes?.[0]?.length ?? 0;
export const bytes = Brief.toJson(brief);
export const run = local.run(research, { ranker: ranking }, { text: 'hello' }, { entry: 'reasoner.plan' });
export const tested = ranking.rank(Work.create({ question: 'q', rounds: 1 }), { terms: [], limit: 1, round: 1 });
`;

/** Statements that must not pass, each with a word of the complaint. */
const BAD = [
  [
    'a handoff that the contract does not allow',
    'reasoner.lambdaHandler({ plan: () => formatter.render({ plan, passages: [], byYear: [], searched: 1 }), widen: () => ranker.rank(plan) });',
  ],
  ['a call of an operation with phases', 'Work.create({}).call(ranker.rank(plan));'],
  ['an agent that lacks an operation', 'reasoner.lambdaHandler({ plan: () => ranker.rank(plan) });'],
  ['an input that does not fit', 'ranker.rank({ terms: [] });'],
  ['an output that does not fit', "formatter.lambdaHandler({ render: () => ({ title: 'only' }) });"],
  [
    'a member of the state that is not there',
    'ranker.lambdaHandler({ rank: (work) => work.state.nothing, score: () => ({ score: 1 }) });',
  ],
  [
    'a state in a called operation',
    'ranker.lambdaHandler({ rank: () => formatter.render({ plan, passages: [], byYear: [], searched: 1 }), score: (work) => ({ score: work.state.rounds }) });',
  ],
  ['undefined where a member may only be absent', "Brief.toJson({ question: 'q', rounds: 1, planner: undefined });"],
  ['a word that an enum does not have', "Brief.toJson({ question: 'q', rounds: 1, planner: 'nobody' });"],
  ['an error without its data', 'throw new reasoner.Unanswerable();'],
  ['an agent that the contract does not have', 'local.run(research, { nobody: {} }, {});'],
];

const BAD_HEAD = `
import { local, Work } from 'peer-contract';
import * as research from '../../research/index.mjs';
const { formatter, ranker, reasoner, Brief } = research;
const plan = { terms: [], limit: 1, round: 1 };
`;

/** Complaints of tsc about some files, one a line. */
function complaints(name, files) {
  const place = new URL(`${name}/`, folder);
  mkdirSync(place, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(new URL(file, place), text);
  const project = new URL('tsconfig.json', place);
  writeFileSync(project, JSON.stringify({ compilerOptions: OPTIONS, files: Object.keys(files) }));
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', fileURLToPath(project), '--pretty', 'false'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((line) => line.includes(': error '));
}

test('agents that keep the contract pass, in TypeScript, in plain JavaScript, and for require', () => {
  const typescript = GOOD.replace(
    '/** @type {research.ranker.Agent} */\nconst ranking =',
    'const ranking: research.ranker.Agent =',
  );
  const found = complaints('good', {
    'agent.mjs': `// @ts-check\n${GOOD}`,
    'agent.mts': typescript.replace('(/** @type {unknown} */ error)', '(error: unknown)'),
    'agent.cts':
      "import research = require('../../research/index.cjs');\nexport const rank: research.ranker.Rank = research.ranker.rank({ terms: [], limit: 1, round: 1 });\n",
  });
  assert.deepEqual(found, []);
});

test('everything that the contract does not allow is refused', () => {
  const files = BAD.map(([, statement], index) => [
    `bad${index}.mjs`,
    `// @ts-check\n${BAD_HEAD}${statement}\nexport {};\n`,
  ]);
  files.push(['control.mjs', `// @ts-check\n${BAD_HEAD}ranker.rank(plan), local, Work, formatter, reasoner, Brief;\n`]);
  const found = complaints('bad', Object.fromEntries(files));
  assert.ok(!found.some((line) => line.includes('control.mjs')), found.join('\n'));
  for (const [index, [about]] of BAD.entries()) {
    assert.ok(
      found.some((line) => line.includes(`bad${index}.mjs`)),
      `tsc lets pass: ${about}\n${found.join('\n')}`,
    );
  }
});
