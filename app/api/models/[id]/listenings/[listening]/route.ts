import { requireAccount } from '@/lib/market/http/account'
import { modelIdParam } from '@/lib/market/http/id-params'
import { json, route } from '@/lib/market/http/route'
import { getListening, removeListening } from '@/lib/market/mint/listenings'

type Params = { id: string; listening: string }

export const GET = route<Params>(async (_, { id, listening }) =>
  json(await getListening(await requireAccount('models:trace'), modelIdParam(id), listening)),
)

export const DELETE = route<Params>(async (_, { id, listening }) => {
  await removeListening(await requireAccount('models:trace'), modelIdParam(id), listening)
  return json({})
})
