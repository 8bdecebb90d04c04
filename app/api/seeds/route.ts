import { z } from 'zod'
import { json, readBody, route } from '@/lib/market/route'
import { storeSeed } from '@/lib/market/seeds'
import { requireSession } from '@/lib/market/session'
import { bytes32 } from '@/lib/market/shapes'

export const POST = route(async (request) => {
  const owner = await requireSession()
  const { seed } = await readBody(request, z.object({ seed: bytes32 }))
  return json({ hash: await storeSeed(owner, seed) }, 201)
})
