import { z } from 'zod'
import { modelIdParam } from '@/lib/market/http/id-params'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { traceModel } from '@/lib/market/mint/fingerprints'

const mostKeys = 8192

const body = z.object({
  votes: z.array(z.number().int().min(-1).max(1)).max(mostKeys),
  logOdds: z.array(z.number().nullable()).max(mostKeys).optional(),
})

export const POST = route<{ id: string }>(async (request, { id }) => {
  const owner = await requireSession()
  const answers = await readBody(request, body)
  await rateLimit(`trace ${owner}`, 30)
  return json(await traceModel(owner, modelIdParam(id), answers))
})
