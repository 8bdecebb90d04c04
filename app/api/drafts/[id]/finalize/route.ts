import { z } from 'zod'
import { requireAccount } from '@/lib/market/http/account'
import { json, readBody, route } from '@/lib/market/http/route'
import { finalizeDraft } from '@/lib/market/publish/finalize-draft'

const schema = z.object({ playground: z.boolean().default(false) })

export const POST = route<{ id: string }>(async (request, { id }) =>
  json(await finalizeDraft(await requireAccount('models:publish'), id, await readBody(request, schema))),
)
