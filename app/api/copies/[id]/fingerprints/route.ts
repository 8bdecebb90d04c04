import { buyerKit } from '@/lib/market/fingerprints'
import { json, route } from '@/lib/market/route'
import { requireSession } from '@/lib/market/session'

export const GET = route<{ id: string }>(async (_, { id }) => json(await buyerKit(await requireSession(), id)))
