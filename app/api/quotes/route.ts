import { z } from 'zod'
import { bytes32, modelIdSchema } from '@/lib/chain/schemas'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { requestQuote } from '@/lib/market/mint/quotes'

const schema = z.object({ model: modelIdSchema, seed: bytes32 })

export const POST = route(async (request) => {
  const buyer = await requireSession()
  await rateLimit(`quotes ${buyer}`, 30)
  const { model, seed } = await readBody(request, schema)
  return json(await requestQuote(buyer, model, seed), 201)
})
