// `train.mjs ORDERS`: sends orders through every way by which the Node addon reads and writes messages.

import { readFileSync } from 'node:fs'

import { desk, Order } from './shop-js/index.mjs'

export const handler = desk.lambdaHandler({
  accept(work, order) {
    work.state.step += 1
    return desk.close(order)
  },
  close(work, order) {
    return { lines: order.basket.lines.length }
  },
})

// Bytes to bytes, as `bin/runtime.mjs` serves a handler.
const serve = handler[Symbol.for('peer-contract.serve')]

/** The handoff in the answer to a plain input, as it arrives where the contract is known. */
function envelope(answer) {
  const { handoff } = JSON.parse(answer.toString()).result
  delete handoff.data.contract
  return Buffer.from(JSON.stringify(handoff))
}

/** One order, so often: values, hashes, turns of an agent by bytes and by what a managed runtime has parsed. */
async function run(text, times) {
  const order = Order.fromJson(text)
  for (let at = 0; at < times; at += 1) {
    Order.fromJson(text)
    Order.toJson(order)
    Order.digest(order)
  }
  const passed = envelope((await serve(text, { requestId: '' })).payload)
  for (let at = 0; at < Math.max(1, times / 4); at += 1) {
    await serve(passed, { requestId: '' })
    await serve(text, { requestId: '' })
    await handler(JSON.parse(text.toString()), {})
  }
}

/** Broken messages, a hundredth of all. */
function refuse(text, times) {
  for (let at = 0; at < Math.max(1, times / 100); at += 1) {
    try {
      Order.fromJson(text)
    } catch {
      continue
    }
    throw new Error('a broken message was read')
  }
}

for (const line of readFileSync(process.argv[2], 'utf8').trim().split('\n')) {
  const { times, texts, broken } = JSON.parse(line)
  for (const text of texts) await run(Buffer.from(text), times)
  for (const text of broken) refuse(Buffer.from(text), times)
}
