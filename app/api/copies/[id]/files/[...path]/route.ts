import { route } from '@/lib/market/route'
import { sendCopyFile } from '@/lib/market/send-copy-file'
import { requireSession } from '@/lib/market/session'

export const GET = route<{ id: string; path: string[] }>(async (request, { id, path }) =>
  sendCopyFile(await requireSession(), id, path.join('/'), request.headers),
)
