import { route } from '@/lib/market/route'
import { sendModelFile } from '@/lib/market/send-model-file'
import { sessionAddress } from '@/lib/market/session-address'

export const GET = route<{ id: string; path: string[] }>(async (request, { id, path }) =>
  sendModelFile(await sessionAddress(), id, path.join('/'), request.headers),
)
