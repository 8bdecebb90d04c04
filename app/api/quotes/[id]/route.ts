import { requireAccount } from '@/lib/market/http/account'
import { json, route } from '@/lib/market/http/route'
import { getQuote } from '@/lib/market/mint/quotes'

export const GET = route<{ id: string }>(async (_, { id }) =>
  json(await getQuote(await requireAccount('copies:order'), id)),
)
