import { json, route } from '@/lib/market/http/route'
import { sessionAddress } from '@/lib/market/http/session'

export const GET = route(async () => json({ address: await sessionAddress() }))
