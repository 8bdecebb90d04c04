import { leaseOrder, requireMinter } from '@/lib/market/minting'
import { json, route } from '@/lib/market/route'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const order = await leaseOrder()
  return order ? json(order) : new Response(null, { status: 204 })
})
