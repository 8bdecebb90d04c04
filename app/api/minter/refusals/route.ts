import { json, route } from '@/lib/market/http/route'
import { nextRefusal } from '@/lib/market/mint/next-refusal'
import { requireMinter } from '@/lib/market/mint/require-minter'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const refusal = await nextRefusal()
  return refusal ? json(refusal) : new Response(null, { status: 204 })
})
