// The shop's order in TypeBox, whose types are schemas already; `old` is the package of before 1.0.

import { readFileSync } from 'node:fs'

const old = process.argv[3] === 'old'
const { Type } = await import(old ? '@sinclair/typebox' : 'typebox')
const { Value } = await import(old ? '@sinclair/typebox/value' : 'typebox/value')

const Item = Type.Object({
  sku: Type.String({ minLength: 1 }),
  count: Type.Integer({ minimum: 1, maximum: 999 }),
  price: Type.Optional(Type.Number({ minimum: 0 })),
})
const Address = Type.Object(
  { street: Type.String(), city: Type.String(), zip: Type.String({ pattern: '^[0-9]{5}$' }) },
  { additionalProperties: false },
)
const Payment = Type.Union([
  Type.Object({ kind: Type.Literal('card'), number: Type.String() }),
  Type.Object({ kind: Type.Literal('invoice'), days: Type.Union([Type.Literal(14), Type.Literal(30)]) }),
])
const category = { name: Type.String(), children: Type.Array(Type.Ref('Category')) }
const Category = old
  ? Type.Recursive((This) => Type.Object({ name: Type.String(), children: Type.Array(This) }), { $id: 'Category' })
  : Type.Cyclic({ Category: Type.Object(category) }, 'Category')
export const Order = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
    items: Type.Array(Item, { minItems: 1 }),
    address: Type.Union([Address, Type.Null()]),
    payment: Payment,
    pair: Type.Tuple([Type.String(), Type.Number()]),
    tags: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
    level: Type.Optional(Type.Union([Type.Literal('low'), Type.Literal('high')])),
    category: Type.Optional(Category),
  },
  { title: 'Order' },
)

if (process.argv[2] === 'verdicts') {
  const samples = JSON.parse(readFileSync(0, 'utf8'))
  console.log(JSON.stringify(samples.map((sample) => Value.Check(Order, sample))))
} else {
  console.log(JSON.stringify(Order))
}
