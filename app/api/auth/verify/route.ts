import { z } from 'zod'
import { hex } from '@/lib/chain/schemas'
import { addressKey } from '@/lib/market/http/client-address'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'
import { signIn } from '@/lib/market/http/session'

const schema = z.object({ message: z.string().max(4000), signature: hex })

export const POST = route(async (request) => {
  await rateLimit(`verify ${addressKey(request)}`, 60)
  const { message, signature } = await readBody(request, schema)
  return json({ address: await signIn(message, signature) })
})
