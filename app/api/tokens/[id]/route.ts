import { market } from '@/lib/market/context/context'
import { json, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { endToken, tokenHolder } from '@/lib/market/http/tokens'

/** A signed-in account ends any of its tokens; a token ends itself. */
export const DELETE = route<{ id: string }>(async (request, { id }) => {
  const { db } = await market()
  const holder = await tokenHolder(db, request.headers.get('authorization')).catch(() => null)
  const account = holder?.id === id ? holder.account : await requireSession()
  await endToken(db, account, id)
  return json({ ended: id })
})
