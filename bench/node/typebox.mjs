// The message for TypeBox, with every constraint of the contract.

import { FormatRegistry, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'

// TypeBox brings no formats. One pattern each is the fastest that people write; it lets a 31 February pass, ours does not.
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const dateTime =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i
FormatRegistry.Set('uuid', (text) => uuid.test(text))
FormatRegistry.Set('date-time', (text) => dateTime.test(text))

const closed = (members) => Type.Object(members, { additionalProperties: false })
const oneOf = (...texts) => Type.Union(texts.map((text) => Type.Literal(text)))
const text = (options) => Type.String(options)

const Origin = Type.Union([
  closed({ kind: Type.Literal('gift'), year: text({ pattern: '^[12][0-9]{3}$' }), from: oneOf('person', 'estate', 'society') }),
  closed({ kind: Type.Literal('purchase'), invoice: text({ minLength: 6 }), currency: text({ pattern: '^[A-Z]{3}$' }) }),
  closed({ kind: Type.Literal('found'), depth: Type.Number({ minimum: 0 }) }),
])
const Author = closed({
  name: text({ minLength: 1 }),
  living: Type.Boolean(),
  remark: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
const Record = closed({
  key: text({ pattern: '^doc-[0-9]{6}$' }),
  addedAt: text({ format: 'date-time' }),
  state: oneOf('open', 'lent', 'lost'),
  pages: Type.Integer({ minimum: 1 }),
  weight: Type.Number({ minimum: 0 }),
  author: Author,
  origin: Origin,
})
const Task = Type.Union([
  closed({
    do: Type.Literal('ask'),
    text: text({ minLength: 1, maxLength: 2000 }),
    atMost: Type.Integer({ minimum: 1, maximum: 100 }),
    origin: Origin,
  }),
  closed({ do: Type.Literal('shelve'), records: Type.Array(Record, { minItems: 1, maxItems: 10000 }) }),
])
const Parcel = closed({
  id: text({ format: 'uuid' }),
  sender: oneOf('rust', 'python', 'node'),
  sentAt: text({ format: 'date-time' }),
  hops: Type.Integer({ minimum: 0, maximum: 14 }),
  digest: text({ pattern: '^sha256:[0-9a-f]{64}$' }),
  task: Task,
  note: Type.String(),
})

const compiled = TypeCompiler.Compile(Parcel)

export const fits = (value) => compiled.Check(value)
