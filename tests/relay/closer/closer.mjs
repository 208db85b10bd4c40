// The last agent of the relay: says what arrived.
import { createHash } from 'node:crypto'

import { carrier, closer } from './relay/index.mjs'

export const handler = closer.lambdaHandler({
  mark: (_, { text }) => ({ bytes: text.length }),

  gather(work, { results }) {
    const parts = {}
    for (const { operation, output } of results) if (output) parts[operation] = (parts[operation] ?? 0) + 1
    const failed = results.flatMap(({ error }) => (error ? [error.code] : []))
    const bytes = results.reduce((sum, { output }) => sum + (output?.bytes ?? 0), 0)
    return { bytes, parts, failed, trail: [...work.state.trail, 'gather'] }
  },

  async close(work) {
    const { blob, trail } = work.state
    const weight = await work.call(carrier.weigh({ text: trail.join(' ') }))
    return {
      sha256: createHash('sha256').update(blob).digest('hex'),
      bytes: blob.length,
      weight: weight.bytes,
      trail: [...trail, 'closer'],
    }
  },
})
