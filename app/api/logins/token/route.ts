import { z } from 'zod'
import { market } from '@/lib/market/context/context'
import { addressKey } from '@/lib/market/http/client-address'
import { collectDeviceLogin } from '@/lib/market/http/device-logins'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'

const schema = z.object({ deviceCode: z.string().max(100) })

export const POST = route(async (request) => {
  await rateLimit(`login token ${addressKey(request)}`, 120)
  const { deviceCode } = await readBody(request, schema)
  return json(await collectDeviceLogin((await market()).db, deviceCode))
})
