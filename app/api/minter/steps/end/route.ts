import { json, readBody, route } from '@/lib/market/http/route'
import { endStep } from '@/lib/market/mint/preparation-steps'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { stepEndSchema } from '@/lib/minting/step'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  await endStep(await readBody(request, stepEndSchema))
  return json({})
})
