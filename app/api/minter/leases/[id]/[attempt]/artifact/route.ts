import { json, readBody, route } from '@/lib/market/http/route'
import { keepArtifact } from '@/lib/market/mint/keep-artifact'
import { leaseParams } from '@/lib/market/mint/require-lease'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { artifactSchema } from '@/lib/minting/artifact'

export const POST = route<{ id: string; attempt: string }>(async (request, params) => {
  await requireMinter(request.headers)
  await keepArtifact(leaseParams(params), await readBody(request, artifactSchema))
  return json({})
})
