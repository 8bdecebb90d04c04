import { z } from 'zod'
import { bytes32 } from '@/lib/chain/schemas'
import { json, readBody, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { storeSeed } from '@/lib/market/mint/seeds'

export const POST = route(async (request) => {
  const owner = await requireSession()
  const { seed } = await readBody(request, z.object({ seed: bytes32 }))
  return json({ hash: await storeSeed(owner, seed) }, 201)
})
