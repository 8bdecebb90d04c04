import { json, readBody, route } from '@/lib/market/http/route'
import { claimStep } from '@/lib/market/mint/preparation-steps'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { stepClaimSchema } from '@/lib/minting/step'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  return json(await claimStep(await readBody(request, stepClaimSchema)))
})
