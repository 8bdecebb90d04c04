import { z } from 'zod'
import { apiScopes } from '@/lib/api/scopes'
import { market } from '@/lib/market/context/context'
import { HttpError } from '@/lib/market/http/http-error'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'
import { endToken, narrowToken, type TokenHolder, tokenHolder } from '@/lib/market/http/tokens'

const schema = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(apiScopes)).max(apiScopes.length),
  minutes: z.number().int().min(1).max(1440),
})

/** Whoever asks with a token: whose it is, and what it allows. */
export const GET = route(async ({ headers }) => {
  const { account, scopes } = await holderOf(headers)
  return json({ account, scopes })
})

/** A token that allows as much or less, and ends soon. */
export const POST = route(async (request) => {
  const holder = await holderOf(request.headers)
  await rateLimit(`tokens ${holder.account}`, 30)
  return json(await narrowToken((await market()).db, holder, await readBody(request, schema)), 201)
})

/** Ends the token that asks. */
export const DELETE = route(async ({ headers }) => {
  const { account, id } = await holderOf(headers)
  await endToken((await market()).db, account, id)
  return json({ ended: id })
})

async function holderOf(headers: Headers): Promise<TokenHolder> {
  const holder = await tokenHolder((await market()).db, headers.get('authorization'))
  if (!holder) throw new HttpError(401, 'market.token-invalid')
  return holder
}
