import { updateSchema } from '@/lib/market/mint-order'
import { reportProgress, requireMinter } from '@/lib/market/minting'
import { json, readBody, route } from '@/lib/market/route'

export const POST = route<{ job: string }>(async (request, { job }) => {
  await requireMinter(request.headers)
  await reportProgress(job, await readBody(request, updateSchema))
  return json({ job })
})
