// `turn.mjs DATA ROUNDS`: what one turn of the Node agent costs, from the bytes of an event to the bytes of the answer.
//
// `land` opens a message and gives a small reply; `toNode` opens one and passes it on. The difference is sending.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { handler } from './agent.mjs'
import { cpuNs, summary } from './rounds.mjs'

const [data, rounds] = process.argv.slice(2)
// Bytes to bytes, as `bin/runtime.mjs` serves a handler.
const serve = handler[Symbol.for('peer-contract.serve')]

async function answer(event) {
  const { payload } = await serve(event, { requestId: '' })
  return payload
}

async function batch(event, count) {
  const started = cpuNs()
  for (let index = 0; index < count; index += 1) await answer(event)
  return (cpuNs() - started) / count
}

for (const size of ['600 B', '20 KB', '1 MB']) {
  const first = readFileSync(join(data, `${size.replace(' ', '')}.start.node.toNode.json`))
  const second = await answer(first)
  const count = Math.max(2, Math.round(1e6 / first.length))
  const samples = { pass: [], land: [] }
  for (let round = -10; round < Number(rounds); round += 1) {
    const taken = { pass: await batch(first, count), land: await batch(second, count) }
    if (round >= 0) for (const name of Object.keys(taken)) samples[name].push(taken[name])
  }
  const told = Object.fromEntries(Object.entries(samples).map(([name, taken]) => [name, summary(taken)]))
  console.log(JSON.stringify({ group: 'turn-node', size, bytes: first.length, samples: told }))
}
