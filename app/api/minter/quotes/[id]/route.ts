import { json, readBody, route } from '@/lib/market/http/route'
import { answerQuote } from '@/lib/market/mint/quotes'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { quoteAnswerSchema } from '@/lib/minting/quote-request'

export const POST = route<{ id: string }>(async (request, { id }) => {
  await requireMinter(request.headers)
  await answerQuote(id, await readBody(request, quoteAnswerSchema))
  return json({})
})
