import { json, readBody, route } from '@/lib/market/http/route'
import { failOrder, requireMinter } from '@/lib/market/mint/minting'
import { failureSchema } from '@/lib/minting/mint-order'

export const POST = route<{ job: string }>(async (request, { job }) => {
  await requireMinter(request.headers)
  const { sentence, final } = await readBody(request, failureSchema)
  await failOrder(job, sentence, final)
  return json({ job })
})
