import { json, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { discardDraft } from '@/lib/market/publish/discard-draft'
import { getDraft } from '@/lib/market/publish/drafts'

export const GET = route<{ id: string }>(async (_, { id }) => json(await getDraft(await requireSession(), id)))

export const DELETE = route<{ id: string }>(async (_, { id }) => {
  await discardDraft(await requireSession(), id)
  return json({ discarded: id })
})
