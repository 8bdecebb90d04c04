import { json, route } from '@/lib/market/http/route'
import { endSessions } from '@/lib/market/http/session'

export const DELETE = route<{ id: string }>(async (_, { id }) => {
  await endSessions(id)
  return json({ ended: id })
})
