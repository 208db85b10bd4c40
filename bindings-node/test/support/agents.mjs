// Agents of the demo's contract that do as little as the contract lets them.

import { formatter, ranker, reasoner } from '../.generated/research/index.mjs';

export const question = { text: 'what was said about canals' };

export const ranking = {
  plan: { terms: [{ text: 'canal', weight: 1 }], limit: 3, round: 1 },
  passages: [],
  byYear: [],
  searched: 3,
};

/** Plans once, finds too little, widens, and reports. */
export const agents = {
  reasoner: {
    plan(work, { text }) {
      if (text === 'nothing') throw new reasoner.Unanswerable({ reason: 'no searchable term' });
      work.state.question = text;
      work.state.rounds += 1;
      return ranker.rank({ terms: [{ text: 'canal', weight: 1 }], limit: 3, round: 1 });
    },
    async widen(work, { plan }) {
      work.state.rounds += 1;
      return ranker.rank({ ...plan, round: plan.round + 1 });
    },
  },
  ranker: {
    rank(work, plan) {
      return plan.round < 2 ? reasoner.widen({ ...ranking, plan }) : formatter.render({ ...ranking, plan });
    },
    score: () => ({ score: 0.5 }),
  },
  formatter: {
    async render(work) {
      const { score } = await work.call(ranker.score({ text: 'a canal', terms: ['canal'] }));
      return { title: work.state.question, html: `scored ${score} after ${work.state.rounds} rounds` };
    },
  },
};
