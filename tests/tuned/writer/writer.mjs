// The last agent: says what it was made from, and all that came.
import { writer } from './tuned/index.mjs'

export const handler = writer.lambdaHandler((config) => ({
  write(work) {
    const { label, limits, words } = config
    return { steps: [...work.state.steps, `${label} ${limits.most} ${words?.length ?? 0}`] }
  },
}))
