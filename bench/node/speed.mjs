// `speed.mjs DATA ROUNDS`: a line of JSON per size, in ns of CPU time.

import { compare, decoders, encoders, read } from './cases.mjs'
import { measure } from './rounds.mjs'

const [data, rounds] = process.argv.slice(2)

for (const size of ['600 B', '20 KB', '1 MB']) {
  const name = size.replace(' ', '')
  compare(data, name)
  const cases = {}
  for (const form of ['canonical', 'author', 'shuffled']) {
    const text = read(data, name, form)
    for (const [about, decode] of Object.entries(decoders(data))) cases[`${about}: ${form}`] = () => decode(text)
  }
  const value = decoders(data).ours(read(data, name, 'author'))
  const samples = measure({ ...cases, ...encoders(data, value) }, Number(rounds))
  console.log(JSON.stringify({ group: 'node', size, bytes: read(data, name, 'author').length, samples }))
}
