import { z } from 'zod'
import { createDraft, listDrafts } from '@/lib/market/drafts'
import { limit } from '@/lib/market/limit'
import { fileSchema } from '@/lib/market/metadata'
import { json, readBody, route } from '@/lib/market/route'
import { requireSession } from '@/lib/market/session'

const schema = z.object({ files: z.array(fileSchema).max(1000) })

export const GET = route(async () => json(await listDrafts(await requireSession())))

export const POST = route(async (request) => {
  const owner = await requireSession()
  limit(`drafts ${owner}`, 60)
  const { files } = await readBody(request, schema)
  return json(await createDraft(owner, files), 201)
})
