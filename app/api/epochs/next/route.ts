import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, route } from '@/lib/market/http/route'
import { beginNextEpoch } from '@/lib/market/local-clock'

export const POST = route(async (request) => {
  await rateLimit('next epoch', 120)
  return json({ epoch: await beginNextEpoch(request) })
})
