import { z } from 'zod'
import { json, readBody, route } from '@/lib/market/route'
import { sealDraft } from '@/lib/market/seal-draft'
import { requireSession } from '@/lib/market/session'

const schema = z.object({ playground: z.boolean().default(false) })

export const POST = route<{ id: string }>(async (request, { id }) =>
  json(await sealDraft(await requireSession(), id, await readBody(request, schema))),
)
