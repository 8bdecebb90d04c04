import { completeOrder, requireMinter } from '@/lib/market/minting'
import { json, route } from '@/lib/market/route'

export const POST = route<{ job: string }>(async (request, { job }) => {
  await requireMinter(request.headers)
  await completeOrder(job)
  return json({ job })
})
