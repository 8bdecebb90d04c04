import { json, readBody, route } from '@/lib/market/http/route'
import { listSteps } from '@/lib/market/mint/preparation-steps'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { stepsRequestSchema } from '@/lib/minting/step'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const { work } = await readBody(request, stepsRequestSchema)
  return json(await listSteps(work))
})
