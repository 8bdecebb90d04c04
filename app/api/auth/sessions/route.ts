import { json, route } from '@/lib/market/http/route'
import { endSessions, listSessions } from '@/lib/market/http/session'

export const GET = route(async () => json(await listSessions()))

/** Ends all sessions of the account but this one. */
export const DELETE = route(async () => {
  await endSessions()
  return json(await listSessions())
})
