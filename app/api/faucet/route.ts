import { z } from 'zod'
import { address } from '@/lib/chain/schemas'
import { faucet } from '@/lib/market/faucet'
import { addressKey } from '@/lib/market/http/client-address'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'

export const POST = route(async (request) => {
  const { address: account } = await readBody(request, z.object({ address }))
  await rateLimit(`faucet ${addressKey(request)}`, 60)
  await rateLimit(`faucet ${account}`, 10)
  await faucet(account)
  return json({ address: account })
})
