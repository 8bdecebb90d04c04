import 'server-only'
import type { Address } from 'viem'
import type { ModelId } from '../../chain/ids'
import { isOpenFile } from '../../manifest/open-file'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { sendFile } from '../http/send-file'
import { controllerOf } from './control-of'
import { describedModel } from './model-summary'

/**
 * A file of a model's newest version. Pictures and documents are for everybody; weights, which have no fingerprint here,
 * are for who controls the model, and for everybody where the creator allows it.
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
  const { metadata } = found
  if (!metadata.playground && !isOpenFile(path) && (await controllerOf(ctx, id)) !== viewer)
    throw new HttpError(403, 'market.weights-private', { model: metadata.name })
  const file = metadata.files.find((entry) => entry.path === path)
  if (!file) throw new HttpError(404, 'market.file-unknown', { kind: 'model', id, path: path.slice(0, 80) })
  const link = isDownload(headers) && (await ctx.blobs.link(file.sha256, path.split('/').at(-1) ?? path))
  if (link)
    return new Response(null, { status: 307, headers: { location: link, 'cache-control': 'private, no-store' } })
  return sendFile(file, headers, (from, to) => ctx.blobs.read(file.sha256, from, to))
}

/** Whether a person or a program saves the file. A page's own requests stay with us: a bucket knows nothing of our pages. */
function isDownload(headers: Headers): boolean {
  return ['navigate', null].includes(headers.get('sec-fetch-mode'))
}
