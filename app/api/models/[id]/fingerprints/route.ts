import { modelIdParam } from '@/lib/market/http/id-params'
import { json, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { modelOwnerKeySet } from '@/lib/market/mint/fingerprints'

export const GET = route<{ id: string }>(async (_, { id }) =>
  json(await modelOwnerKeySet(await requireSession(), modelIdParam(id))),
)
