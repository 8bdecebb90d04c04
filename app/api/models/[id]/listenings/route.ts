import { requireAccount } from '@/lib/market/http/account'
import { modelIdParam } from '@/lib/market/http/id-params'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { readLimited } from '@/lib/market/http/read-limited'
import { json, route } from '@/lib/market/http/route'
import { requestListening } from '@/lib/market/mint/listenings'

/** Bytes of JSON lines: some 25,000 tokens with the log probabilities of 20 each. */
const bodyLimit = 32 * 2 ** 20

export const POST = route<{ id: string }>(async (request, { id }) => {
  const owner = await requireAccount('models:trace')
  await rateLimit(`listen ${owner}`, 6)
  return json(await requestListening(owner, modelIdParam(id), await readLimited(request, bodyLimit)), 201)
})
