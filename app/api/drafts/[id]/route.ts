import { requireAccount } from '@/lib/market/http/account'
import { json, route } from '@/lib/market/http/route'
import { discardDraft } from '@/lib/market/publish/discard-draft'
import { getDraft } from '@/lib/market/publish/drafts'

export const GET = route<{ id: string }>(async (_, { id }) =>
  json(await getDraft(await requireAccount('models:publish'), id)),
)

export const DELETE = route<{ id: string }>(async (_, { id }) => {
  await discardDraft(await requireAccount('models:publish'), id)
  return json({ discarded: id })
})
