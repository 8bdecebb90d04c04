import { json, route } from '@/lib/market/http/route'
import { leaseOrder } from '@/lib/market/mint/lease-order'
import { requireMinter } from '@/lib/market/mint/require-minter'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const order = await leaseOrder()
  return order ? json(order) : new Response(null, { status: 204 })
})
