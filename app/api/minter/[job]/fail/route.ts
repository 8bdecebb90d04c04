import { failureSchema } from '@/lib/market/mint-order'
import { failOrder, requireMinter } from '@/lib/market/minting'
import { json, readBody, route } from '@/lib/market/route'

export const POST = route<{ job: string }>(async (request, { job }) => {
  await requireMinter(request.headers)
  const { sentence, final } = await readBody(request, failureSchema)
  await failOrder(job, sentence, final)
  return json({ job })
})
