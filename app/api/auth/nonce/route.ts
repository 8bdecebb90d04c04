import { addressKey } from '@/lib/market/http/client-address'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { route } from '@/lib/market/http/route'
import { beginSignIn } from '@/lib/market/http/session'

export const GET = route(async (request) => {
  await rateLimit(`nonce ${addressKey(request)}`, 120)
  return new Response(await beginSignIn(), { headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' } })
})
