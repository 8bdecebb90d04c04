import { json, route } from '@/lib/market/http/route'
import { completeOrder, requireMinter } from '@/lib/market/mint/minting'

export const POST = route<{ job: string }>(async (request, { job }) => {
  await requireMinter(request.headers)
  await completeOrder(job)
  return json({ job })
})
