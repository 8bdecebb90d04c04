import { artifactSchema } from '@/lib/market/mint-order'
import { keepArtifact, requireMinter } from '@/lib/market/minting'
import { json, readBody, route } from '@/lib/market/route'

export const POST = route<{ job: string }>(async (request, { job }) => {
  await requireMinter(request.headers)
  await keepArtifact(job, await readBody(request, artifactSchema))
  return json({ job })
})
