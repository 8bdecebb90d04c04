import { json, readBody, route } from '@/lib/market/http/route'
import { keepArtifact, requireMinter } from '@/lib/market/mint/minting'
import { artifactSchema } from '@/lib/minting/mint-order'

export const POST = route<{ job: string }>(async (request, { job }) => {
  await requireMinter(request.headers)
  await keepArtifact(job, await readBody(request, artifactSchema))
  return json({ job })
})
