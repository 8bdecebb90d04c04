import { market } from '@/lib/market/context/context'
import { json, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { endToken } from '@/lib/market/http/tokens'

export const DELETE = route<{ id: string }>(async (_, { id }) => {
  await endToken((await market()).db, await requireSession(), id)
  return json({ ended: id })
})
