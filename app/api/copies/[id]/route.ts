import { getCopy } from '@/lib/market/get-copy'
import { Refusal } from '@/lib/market/refusal'
import { json, route } from '@/lib/market/route'
import { sessionAddress } from '@/lib/market/session-address'

export const GET = route<{ id: string }>(async (_, { id }) => {
  const copy = await getCopy(id, await sessionAddress())
  if (!copy) throw new Refusal(404, `There is no copy ${id.slice(0, 80)}.`)
  return json(copy)
})
