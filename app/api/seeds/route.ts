import { z } from 'zod'
import { bytes32 } from '@/lib/chain/schemas'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { copyOfSeed, storeSeed } from '@/lib/market/mint/seeds'

export const POST = route(async (request) => {
  const owner = await requireSession()
  await rateLimit(`seeds ${owner}`, 30)
  const { seed } = await readBody(request, z.object({ seed: bytes32 }))
  const hash = await storeSeed(owner, seed)
  return json({ hash, copy: await copyOfSeed(hash) }, 201)
})
