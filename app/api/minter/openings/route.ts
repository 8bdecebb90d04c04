import { json, route } from '@/lib/market/http/route'
import { nextOpening } from '@/lib/market/mint/next-opening'
import { requireMinter } from '@/lib/market/mint/require-minter'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const opening = await nextOpening()
  return opening ? json(opening) : new Response(null, { status: 204 })
})
