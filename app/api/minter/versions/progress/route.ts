import { json, readBody, route } from '@/lib/market/http/route'
import { reportPreparing } from '@/lib/market/mint/claim-version'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { preparingSchema } from '@/lib/minting/version-work'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  await reportPreparing(await readBody(request, preparingSchema))
  return json({})
})
