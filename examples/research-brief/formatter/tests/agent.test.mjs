// @ts-check
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Work } from 'peer-contract'

import { agent } from '../agent.mjs'
import { Report } from '../research_brief/index.mjs'

const hit = { text: 'The canal is dug.', year: 1825, speaker: 'John Quincy Adams', score: 3.2, matches: ['canal'] }
/** @type {import('../research_brief/index.mjs').Ranking} */
const ranking = {
  plan: { terms: [{ text: 'canals', weight: 0.8 }], limit: 12, round: 1 },
  passages: [hit, { ...hit, year: 1904, text: 'A canal again.' }],
  byYear: [{ year: 1825, count: 1 }, { year: 1904, count: 1 }],
  searched: 9,
}

test('every passage is scored by the ranker for all terms of the plan', async () => {
  /** @type {unknown[]} */
  const asked = []
  const state = /** @type {import('../research_brief/index.mjs').Brief} */ ({ question: 'canals', rounds: 1 })
  const work = Work.create(state, { answer: (target, input) => (asked.push([target, input]), { score: 0.25 * asked.length }) })
  const { title, html } = await agent.render(work, ranking)
  assert.deepEqual(asked, ranking.passages.map(({ text }) => ['ranker.score', { text, terms: ['canals'] }]))
  assert.equal(title, 'Canals')
  assert.match(html, /25 of 100[^]*50 of 100/)
  assert.deepEqual(work.state.notes, ['formatter: this page, with 2 passages scored by the ranker'])
})

test('the report is one that the contract accepts, and names its contract', async () => {
  const work = Work.create({ question: 'canals', rounds: 1, notes: ['reasoner: planned'] }, { answer: () => ({ score: 1 }) })
  const report = await agent.render(work, ranking)
  assert.deepEqual(Report.fromJson(Report.toJson(report)), report)
  assert.match(report.html, /<code>sha256:[0-9a-f]{64}<\/code>/)
  assert.match(report.html, /<li>reasoner: planned<\/li>/)
})
