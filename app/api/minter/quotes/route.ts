import { json, route } from '@/lib/market/http/route'
import { nextQuoteRequest } from '@/lib/market/mint/quotes'
import { requireMinter } from '@/lib/market/mint/require-minter'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const next = await nextQuoteRequest()
  return next ? json(next) : new Response(null, { status: 204 })
})
