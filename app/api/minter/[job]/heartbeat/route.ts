import { json, readBody, route } from '@/lib/market/http/route'
import { reportProgress, requireMinter } from '@/lib/market/mint/minting'
import { updateSchema } from '@/lib/minting/mint-order'

export const POST = route<{ job: string }>(async (request, { job }) => {
  await requireMinter(request.headers)
  await reportProgress(job, await readBody(request, updateSchema))
  return json({ job })
})
