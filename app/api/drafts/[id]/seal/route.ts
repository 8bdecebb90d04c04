import { json, route } from '@/lib/market/route'
import { sealDraft } from '@/lib/market/seal-draft'
import { requireSession } from '@/lib/market/session'

export const POST = route<{ id: string }>(async (_, { id }) => json(await sealDraft(await requireSession(), id)))
