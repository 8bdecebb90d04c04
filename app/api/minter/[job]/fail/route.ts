import { json, readBody, route } from '@/lib/market/http/route'
import { failOrder, requireMinter } from '@/lib/market/mint/minting'
import { failureSchema } from '@/lib/minting/mint-order'

export const POST = route<{ job: string }>(async (request, { job }) => {
  await requireMinter(request.headers)
  const { message, final } = await readBody(request, failureSchema)
  await failOrder(job, message, final)
  return json({ job })
})
