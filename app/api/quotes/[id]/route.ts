import { json, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { getQuote } from '@/lib/market/mint/quotes'

export const GET = route<{ id: string }>(async (_, { id }) => json(await getQuote(await requireSession(), id)))
