import { market } from '@/lib/market/context/context'
import { HttpError } from '@/lib/market/http/http-error'
import { json, route } from '@/lib/market/http/route'
import { endToken, type TokenHolder, tokenHolder } from '@/lib/market/http/tokens'

/** Whoever asks with a token: whose it is, and what it allows. */
export const GET = route(async ({ headers }) => {
  const { account, scopes } = await holderOf(headers)
  return json({ account, scopes })
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
