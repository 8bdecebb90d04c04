import { z } from 'zod'
import { fund } from '@/lib/market/fund'
import { limit } from '@/lib/market/limit'
import { json, readBody, route } from '@/lib/market/route'
import { address } from '@/lib/market/shapes'

export const POST = route(async (request) => {
  const { address: account } = await readBody(request, z.object({ address }))
  limit(`faucet ${account}`, 10)
  await fund(account)
  return json({ address: account })
})
