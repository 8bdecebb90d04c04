import 'server-only'
import type { Address } from 'viem'
import type { ModelId } from '../../chain/ids'
import { isOpenFile } from '../../manifest/open-file'
import { readArtifact } from '../../storage/artifact'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { sendFile } from '../http/send-file'
import { controllerOf } from './control-of'
import { describedModel } from './model-summary'
import { visitorsFiles } from './visitors-files'

/**
 * A file of a model's newest version. Pictures and documents are for everybody, the original weights for who controls the
 * model. Where the creator allows it, everybody else loads a copy that has fingerprints of its own.
 */
export async function sendModelFile(
  viewer: Address | null,
  id: ModelId,
  path: string,
  headers: Headers,
): Promise<Response> {
  const ctx = await market()
  const found = await describedModel(ctx, id)
  if (!found) throw new HttpError(404, 'market.model-unknown', { model: id })
  const { metadata, version } = found
  const file = metadata.files.find((entry) => entry.path === path)
  if (!file) throw new HttpError(404, 'market.file-unknown', { kind: 'model', id, path: path.slice(0, 80) })
  if (!isOpenFile(path) && (await controllerOf(ctx, id)) !== viewer) {
    if (!metadata.playground) throw new HttpError(403, 'market.weights-private', { model: metadata.name })
    const marked = (await visitorsFiles(ctx, id, version.version))?.find((entry) => entry.path === path)
    if (!marked) throw new HttpError(409, 'market.visitors-copy-missing', { model: metadata.name })
    return sendFile(marked, headers, (from, to) => readArtifact(ctx.blobs, marked.segments, from, to))
  }
  const link = isDownload(headers) && (await ctx.blobs.link(file.sha256, path.split('/').at(-1) ?? path))
  if (link)
    return new Response(null, { status: 307, headers: { location: link, 'cache-control': 'private, no-store' } })
  return sendFile(file, headers, (from, to) => ctx.blobs.read(file.sha256, from, to))
}

/** Whether a person or a program saves the file. A page's own requests stay with us: a bucket knows nothing of our pages. */
function isDownload(headers: Headers): boolean {
  return ['navigate', null].includes(headers.get('sec-fetch-mode'))
}
