import { copyIdParam } from '@/lib/market/http/id-params'
import { route } from '@/lib/market/http/route'
import { sendSealedCopy } from '@/lib/market/mint/send-sealed-copy'

export const GET = route<{ id: string }>(async (_, { id }) => sendSealedCopy(copyIdParam(id)))
