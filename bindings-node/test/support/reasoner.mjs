// A handler file as people write one.

import { ranker, reasoner } from '../.generated/research/index.mjs';

const plan = { terms: [{ text: 'canal', weight: 1 }], limit: 3, round: 1 };

export const handler = reasoner.lambdaHandler({
  plan(work, { text }) {
    if (text === 'throw') throw new RangeError('a secret value');
    work.state.question = text;
    return ranker.rank(plan);
  },
  widen: () => ranker.rank(plan),
});

/** A handler of somebody else. */
export function plain(event, context) {
  return { got: event, requestId: context.awsRequestId, timeIsLeft: context.getRemainingTimeInMillis() > 0 };
}
