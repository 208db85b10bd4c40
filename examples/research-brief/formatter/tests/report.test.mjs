import assert from 'node:assert/strict'
import { test } from 'node:test'

import { chart } from '../chart.mjs'
import { report } from '../report.mjs'

const material = (changes = {}) => ({
  question: 'what was said about canals',
  rounds: 1,
  notes: ['ranker: 3 passages'],
  scores: [0.789],
  work: '019a3b62',
  contract: 'sha256:41c0',
  ...changes,
  ranking: {
    plan: { terms: [{ text: 'canals', weight: 0.8 }] },
    passages: [{ text: 'The canal is dug.', year: 1825, speaker: 'John Quincy Adams', score: 3.2, matches: ['canal'] }],
    byYear: [{ year: 1790, count: 0 }, { year: 1825, count: 2 }, { year: 1904, count: 1 }],
    searched: 23361,
    ...changes.ranking,
  },
})

test('the title is the question', () => {
  const { title, html } = report(material())
  assert.equal(title, 'What was said about canals')
  assert.match(html, /<h1>What was said about canals<\/h1>/)
})

test('the summary says how many, of how many, and when', () => {
  assert.match(report(material()).html, /<strong>3 passages<\/strong> of 23,361 speak to it, from 1825 to 1904, with the most in 1825\./)
})

test('a passage is quoted with its match, its score and its source', () => {
  const { html } = report(material())
  assert.match(html, /<blockquote>The <mark>canal<\/mark> is dug\.<\/blockquote>/)
  assert.match(html, /width:79%"><\/span><\/span>79 of 100/)
  assert.match(html, /<cite>John Quincy Adams<\/cite>, address of 1825/)
})

test('a passage from within a sentence has dots', () => {
  const passages = [{ text: 'and then the canal;', year: 1825, speaker: 'A', score: 1, matches: [] }]
  assert.match(report(material({ ranking: { passages } })).html, /<blockquote>… and then the canal; …<\/blockquote>/)
})

test('the footer says how it was made', () => {
  const { html } = report(material())
  for (const part of ['<li>ranker: 3 passages</li>', 'canals <small>0.8</small>', '019a3b62', 'sha256:41c0']) assert.ok(html.includes(part), part)
})

test('a widened search says so', () => {
  assert.match(report(material({ rounds: 3 })).html, /was widened twice/)
  assert.doesNotMatch(report(material()).html, /widened/)
})

test('nothing found is a page that says so, without a chart', () => {
  const { html } = report(material({ ranking: { passages: [], byYear: [{ year: 1790, count: 0 }] } }))
  assert.match(html, /None of the 23,361 passages/)
  assert.doesNotMatch(html, /<svg/)
})

test('whatever the texts hold, no markup comes from them', () => {
  const hostile = '"></title></style><script>alert(1)</script><img src=x onerror=alert(1)>'
  const { html } = report(material({
    question: hostile, notes: [hostile], work: hostile, contract: hostile,
    ranking: {
      plan: { terms: [{ text: hostile, weight: 1 }] },
      passages: [{ text: hostile, year: 1825, speaker: hostile, score: 1, matches: ['script', hostile] }],
    },
  }))
  assert.doesNotMatch(html, /<script|<img/)
  assert.equal(html.match(/<\/title>/g)?.length, 1 + html.match(/<svg[^]*<\/svg>/)?.[0].match(/<\/title>/g)?.length)
})

test('a page needs nothing but itself', () => {
  const { html } = report(material())
  assert.doesNotMatch(html, /<link|src=|href=|url\(|@import/)
  assert.match(html, /default-src 'none'/)
})

test('the same material makes the same page', () => {
  assert.equal(report(material()).html, report(material()).html)
})

test('the chart has a bar for each year with matches and tells its content in words', () => {
  const { markup } = chart(material().ranking.byYear)
  assert.equal(markup.match(/<rect/g)?.length, 2)
  assert.match(markup, /<title>1825: 2<\/title>/)
  assert.match(markup, /role="img" aria-labelledby="chart-title chart-desc"/)
  assert.match(markup, /Bar chart: 3 matching passages in 2 years between 1825 and 1904; the most, 2, in 1825\./)
})

test('bars lie within the chart, however many matches a year has', () => {
  for (const count of [1, 7, 10, 11, 49, 50, 99, 100, 12345]) {
    const { markup } = chart([{ year: 1790, count }, { year: 2021, count: 1 }])
    const tops = [...markup.matchAll(/<rect[^>]* y="([\d.]+)"/g)].map((found) => Number(found[1]))
    assert.ok(tops.every((top) => top >= 26 && top <= 160), `${count}: ${tops}`)
  }
})
