import { accountWith } from '@/lib/market/http/account'
import { HttpError } from '@/lib/market/http/http-error'
import { copyIdParam } from '@/lib/market/http/id-params'
import { json, route } from '@/lib/market/http/route'
import { getCopy } from '@/lib/market/read/get-copy'

export const GET = route<{ id: string }>(async (_, { id }) => {
  const copy = await getCopy(copyIdParam(id), await accountWith('copies:read'))
  if (!copy) throw new HttpError(404, 'market.copy-unknown', { copy: id })
  return json(copy)
})
