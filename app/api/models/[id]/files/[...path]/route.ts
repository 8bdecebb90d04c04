import { modelIdParam } from '@/lib/market/http/id-params'
import { route } from '@/lib/market/http/route'
import { sessionAddress } from '@/lib/market/http/session'
import { sendModelFile } from '@/lib/market/read/send-model-file'

export const GET = route<{ id: string; path: string[] }>(async (request, { id, path }) =>
  sendModelFile(await sessionAddress(), modelIdParam(id), path.join('/'), request.headers),
)
