import { copyIdParam } from '@/lib/market/http/id-params'
import { route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'
import { sendCopyFile } from '@/lib/market/read/send-copy-file'

export const GET = route<{ id: string; path: string[] }>(async (request, { id, path }) =>
  sendCopyFile(await requireSession(), copyIdParam(id), path.join('/'), request.headers),
)
