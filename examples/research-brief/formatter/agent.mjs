// @ts-check
/** The formatter: scores the passages with the ranker and writes the report. */

import { report } from './report.mjs'
import { $contract, formatter, ranker } from './research_brief/index.mjs'

/** @satisfies {import('./research_brief/formatter.mjs').Agent} */
export const agent = {
  /**
   * @param {import('peer-contract').Work<import('./research_brief/index.mjs').Brief>} work
   * @param {import('./research_brief/index.mjs').Ranking} ranking
   */
  async render(work, ranking) {
    const terms = ranking.plan.terms.map(({ text }) => text)
    /** @type {number[]} */
    const scores = []
    // One after the other: a call is short, and calls at once would start a ranker each.
    for (const { text } of ranking.passages) {
      const { score } = await work.call(ranker.score({ text, terms }))
      scores.push(score)
    }
    const { question, rounds, notes = [] } = work.state
    work.state.notes = [...notes, `formatter: this page, with ${scores.length} passages scored by the ranker`]
    return report({ question, rounds, notes: work.state.notes, ranking, scores, work: work.id, contract: $contract.hash })
  },
}

export const handler = formatter.lambdaHandler(agent)
