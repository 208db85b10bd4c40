// `memory.mjs DATA CASE`: by how much decoding 1 MB raises the peak of this process, in bytes. Linux only.

import { readFileSync, writeFileSync } from 'node:fs'

import { decoders, read } from './cases.mjs'

const [data, name] = process.argv.slice(2)
const [about, form] = name.split(': ')

function status(field) {
  const line = readFileSync('/proc/self/status', 'utf8').split('\n').find((one) => one.startsWith(`${field}:`))
  return Number(line.split(/\s+/)[1]) * 1024
}

const decode = decoders(data)[about]
decode(read(data, '600B', form))
const text = read(data, '1MB', form)
const before = status('VmRSS')
writeFileSync('/proc/self/clear_refs', '5')
const value = decode(text)
const peak = status('VmHWM') - before
console.log(JSON.stringify({ group: 'node-memory', size: '1 MB', bytes: text.length, samples: { [name]: peak }, kept: typeof value }))
