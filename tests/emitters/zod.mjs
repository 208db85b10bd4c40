// The schema that zod makes of the shop's order, and what zod itself says of each sample on stdin.

import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Item = z.object({ sku: z.string().min(1), count: z.int().min(1).max(999), price: z.number().nonnegative().optional() })
const Address = z.strictObject({ street: z.string(), city: z.string(), zip: z.string().regex(/^[0-9]{5}$/) })
const Payment = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('card'), number: z.string() }),
  z.object({ kind: z.literal('invoice'), days: z.union([z.literal(14), z.literal(30)]) }),
])
const Category = z.object({
  name: z.string(),
  get children() {
    return z.array(Category)
  },
})
export const Order = z.object({
  id: z.uuid(),
  items: z.array(Item).min(1),
  address: Address.nullable(),
  payment: Payment,
  pair: z.tuple([z.string(), z.number()]),
  tags: z.record(z.string(), z.boolean()).optional(),
  level: z.enum(['low', 'high']).default('low'),
  category: Category.optional(),
})

if (process.argv[2] === 'verdicts') {
  const samples = JSON.parse(readFileSync(0, 'utf8'))
  console.log(JSON.stringify(samples.map((sample) => Order.safeParse(sample).success)))
} else {
  console.log(JSON.stringify(z.toJSONSchema(Order, { io: 'input', target: process.argv[2] ?? 'draft-2020-12' })))
}
