import { z } from 'zod'
import { apiScopes } from '@/lib/api/scopes'
import { market } from '@/lib/market/context/context'
import { addressKey } from '@/lib/market/http/client-address'
import { beginDeviceLogin } from '@/lib/market/http/device-logins'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'

const schema = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(apiScopes)).max(apiScopes.length),
})

export const POST = route(async (request) => {
  await rateLimit(`login ${addressKey(request)}`, 30)
  return json(await beginDeviceLogin((await market()).db, await readBody(request, schema)), 201)
})
