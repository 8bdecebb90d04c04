import { json, route } from '@/lib/market/http/route'
import { completeOrder } from '@/lib/market/mint/complete-order'
import { leaseParams } from '@/lib/market/mint/require-lease'
import { requireMinter } from '@/lib/market/mint/require-minter'

export const POST = route<{ id: string; attempt: string }>(async (request, params) => {
  await requireMinter(request.headers)
  await completeOrder(leaseParams(params))
  return json({})
})
