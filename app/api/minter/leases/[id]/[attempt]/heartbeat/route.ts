import { json, readBody, route } from '@/lib/market/http/route'
import { reportProgress } from '@/lib/market/mint/report-progress'
import { leaseParams } from '@/lib/market/mint/require-lease'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { mintUpdateSchema } from '@/lib/minting/update'

export const POST = route<{ id: string; attempt: string }>(async (request, params) => {
  await requireMinter(request.headers)
  await reportProgress(leaseParams(params), await readBody(request, mintUpdateSchema))
  return json({})
})
