import { json, route } from '@/lib/market/http/route'
import { nextRequest } from '@/lib/market/mint/next'
import { requireMinter } from '@/lib/market/mint/require-minter'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const next = await nextRequest()
  return next ? json(next) : new Response(null, { status: 204 })
})
