import { z } from 'zod'
import { fileSchema } from '@/lib/manifest/file-schema'
import { mostFiles } from '@/lib/manifest/manifest'
import { requireAccount } from '@/lib/market/http/account'
import { rateLimit } from '@/lib/market/http/rate-limit'
import { json, readBody, route } from '@/lib/market/http/route'
import { createDraft, listDrafts } from '@/lib/market/publish/drafts'

const schema = z.object({ files: z.array(fileSchema).max(mostFiles) })

export const GET = route(async () => json(await listDrafts(await requireAccount('models:publish'))))

export const POST = route(async (request) => {
  const owner = await requireAccount('models:publish')
  await rateLimit(`drafts ${owner}`, 60)
  const { files } = await readBody(request, schema)
  return json(await createDraft(owner, files), 201)
})
