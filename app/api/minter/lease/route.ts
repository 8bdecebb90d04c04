import { json, route } from '@/lib/market/http/route'
import { leaseOrder, requireMinter } from '@/lib/market/mint/minting'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const order = await leaseOrder()
  return order ? json(order) : new Response(null, { status: 204 })
})
