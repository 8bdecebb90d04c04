import { HttpError } from '@/lib/market/http/http-error'
import { copyIdParam } from '@/lib/market/http/id-params'
import { json, route } from '@/lib/market/http/route'
import { sessionAddress } from '@/lib/market/http/session'
import { getCopy } from '@/lib/market/read/get-copy'

export const GET = route<{ id: string }>(async (_, { id }) => {
  const copy = await getCopy(copyIdParam(id), await sessionAddress())
  if (!copy) throw new HttpError(404, 'market.copy-unknown', { copy: id })
  return json(copy)
})
