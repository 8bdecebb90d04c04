import { z } from 'zod'
import { apiScopes } from '@/lib/api/scopes'
import { market } from '@/lib/market/context/context'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { createToken, listTokens } from '@/lib/market/http/tokens'

const schema = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(apiScopes)).max(apiScopes.length),
  days: z.number().int().min(1).max(365),
})

export const GET = route(async () => json(await listTokens((await market()).db, await requireSession())))

export const POST = route(async (request) => {
  const account = await requireSession()
  await rateLimit(`tokens ${account}`, 30)
  return json(await createToken((await market()).db, account, await readBody(request, schema)), 201)
})
