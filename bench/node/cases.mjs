// The Node cases by name, each as a function of a message's bytes, and the proof that they agree.

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import ajvFormats from 'ajv-formats'
import Ajv from 'ajv/dist/2020.js'
import canonicalize from 'canonicalize'

import { Parcel } from './parcels/index.mjs'
import { fits } from './typebox.mjs'

export const read = (data, name, form) => readFileSync(join(data, `${name}.${form}.json`))

export function validatorOf(data) {
  const ajv = new Ajv({ strict: false })
  ajvFormats.default(ajv)
  return ajv.compile(JSON.parse(readFileSync(join(data, 'schema.json'), 'utf8')))
}

function checked(value, valid) {
  if (!valid) throw new TypeError('invalid')
  return value
}

const parse = (text) => JSON.parse(text.toString())

/** Bytes to a checked value. */
export function decoders(data) {
  const valid = validatorOf(data)
  return {
    ours: (text) => Parcel.fromJson(text),
    'JSON.parse + ajv': (text) => {
      const value = parse(text)
      return checked(value, valid(value))
    },
    'JSON.parse + TypeBox': (text) => {
      const value = parse(text)
      return checked(value, fits(value))
    },
    'JSON.parse': parse,
  }
}

/** A value to checked bytes; `digest` to the hash of its canonical form. */
export function encoders(data, value) {
  const valid = validatorOf(data)
  return {
    'ours: encode': () => Parcel.toJson(value),
    'ajv + JSON.stringify: encode': () => Buffer.from(JSON.stringify(checked(value, valid(value)))),
    'ours: digest': () => hex(Parcel.digest(value)),
    'ajv + canonicalize + crypto: digest': () => sha256(canonicalize(checked(value, valid(value)))),
  }
}

const hex = (digest) => Buffer.from(digest).toString('hex')

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Throws unless every case gives what the others give, and refuses what is broken. */
export function compare(data, name) {
  const cases = decoders(data)
  const canonical = read(data, name, 'canonical')
  const expected = parse(canonical)
  for (const form of ['author', 'canonical', 'shuffled']) {
    const text = read(data, name, form)
    for (const [about, decode] of Object.entries(cases)) assert.deepEqual(plain(decode(text)), expected, `${about}, ${name} ${form}`)
    const written = encoders(data, cases.ours(text))
    assert.deepEqual(parse(written['ours: encode']()), expected, `${name} ${form} is written otherwise`)
    assert.equal(written['ajv + canonicalize + crypto: digest'](), sha256(canonical))
    assert.equal(written['ours: digest'](), sha256(canonical), `${name} ${form} is hashed otherwise`)
  }
  const broken = join(data, `${name}.broken.json`)
  for (const { about, text } of existsSync(broken) ? JSON.parse(readFileSync(broken, 'utf8')) : []) {
    for (const [peer, decode] of Object.entries(cases)) {
      if (peer !== 'JSON.parse') assert.throws(() => decode(Buffer.from(text)), `${peer} takes ${name} with ${about}`)
    }
  }
}

/** Prototypes are no part of a message. */
function plain(value) {
  return JSON.parse(JSON.stringify(value))
}
