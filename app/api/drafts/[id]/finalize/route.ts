import { z } from 'zod'
import { json, readBody, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { finalizeDraft } from '@/lib/market/publish/finalize-draft'

const schema = z.object({ playground: z.boolean().default(false) })

export const POST = route<{ id: string }>(async (request, { id }) =>
  json(await finalizeDraft(await requireSession(), id, await readBody(request, schema))),
)
