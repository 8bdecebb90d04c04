import { json, route } from '@/lib/market/route'
import { sessionAddress } from '@/lib/market/session-address'

export const GET = route(async () => json({ address: await sessionAddress() }))
