import { json, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { buyerKit } from '@/lib/market/mint/fingerprints'

export const GET = route<{ id: string }>(async (_, { id }) => json(await buyerKit(await requireSession(), id)))
