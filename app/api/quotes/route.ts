import { z } from 'zod'
import { bytes32, modelIdSchema } from '@/lib/chain/schemas'
import { requireAccount } from '@/lib/market/http/account'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'
import { requestQuote } from '@/lib/market/mint/quotes'

const schema = z.object({ model: modelIdSchema, seed: bytes32 })

export const POST = route(async (request) => {
  const buyer = await requireAccount('copies:order')
  await rateLimit(`quotes ${buyer}`, 30)
  const { model, seed } = await readBody(request, schema)
  return json(await requestQuote(buyer, model, seed), 201)
})
