import { HttpError } from '@/lib/market/http/http-error'
import { json, route } from '@/lib/market/http/route'
import { sessionAddress } from '@/lib/market/http/session-address'
import { getCopy } from '@/lib/market/read/get-copy'

export const GET = route<{ id: string }>(async (_, { id }) => {
  const copy = await getCopy(id, await sessionAddress())
  if (!copy) throw new HttpError(404, `There is no copy ${id.slice(0, 80)}.`)
  return json(copy)
})
