import { z } from 'zod'
import { hex } from '@/lib/chain/schemas'
import { json, readBody, route } from '@/lib/market/http/route'
import { signIn } from '@/lib/market/http/session'

const schema = z.object({ message: z.string().max(4000), signature: hex })

export const POST = route(async (request) => {
  const { message, signature } = await readBody(request, schema)
  return json({ address: await signIn(message, signature) })
})
