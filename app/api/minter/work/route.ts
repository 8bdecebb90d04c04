import { json, readBody, route } from '@/lib/market/http/route'
import { nextWork } from '@/lib/market/mint/next'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { workWantedSchema } from '@/lib/minting/next'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const next = await nextWork(await readBody(request, workWantedSchema))
  return next ? json(next) : new Response(null, { status: 204 })
})
