import { caseIdParam } from '@/lib/market/http/id-params'
import { json, route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { jurorKeys } from '@/lib/market/mint/juror-keys'

export const GET = route<{ id: string }>(async (_, { id }) =>
  json(await jurorKeys(await requireSession(), caseIdParam(id))),
)
