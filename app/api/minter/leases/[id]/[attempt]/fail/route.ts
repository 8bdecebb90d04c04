import { json, readBody, route } from '@/lib/market/http/route'
import { failOrder } from '@/lib/market/mint/fail-order'
import { leaseParams } from '@/lib/market/mint/require-lease'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { failedTrySchema } from '@/lib/minting/failed-try'

export const POST = route<{ id: string; attempt: string }>(async (request, params) => {
  await requireMinter(request.headers)
  await failOrder(leaseParams(params), await readBody(request, failedTrySchema))
  return json({})
})
