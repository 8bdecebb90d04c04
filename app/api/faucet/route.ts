import { z } from 'zod'
import { fund } from '@/lib/market/context/faucet'
import { limit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'
import { address } from '@/lib/market/http/schemas'

export const POST = route(async (request) => {
  const { address: account } = await readBody(request, z.object({ address }))
  limit(`faucet ${account}`, 10)
  await fund(account)
  return json({ address: account })
})
