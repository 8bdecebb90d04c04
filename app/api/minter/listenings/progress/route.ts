import { json, readBody, route } from '@/lib/market/http/route'
import { reportListening } from '@/lib/market/mint/listenings'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { listeningReportSchema } from '@/lib/minting/listening'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  await reportListening(await readBody(request, listeningReportSchema))
  return json({})
})
