import 'server-only'
import type { Address } from 'viem'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { sendFile } from '../http/send-file'
import { describedModels } from './model-summary'

/** A file of a model's newest version as it was published: for its owner, and for everybody where the creator said so. */
export async function sendModelFile(
  viewer: Address | null,
  id: string,
  path: string,
  asked: Headers,
): Promise<Response> {
  const ctx = await market()
  const [found] = await describedModels(ctx, [id])
  if (!found) throw new HttpError(404, `There is no model ${id.slice(0, 80)}.`)
  const { model, metadata } = found
  if (!metadata.playground && model.owner !== viewer)
    throw new HttpError(
      403,
      `The creator of ${metadata.name} does not let visitors load its weights: get a copy instead.`,
    )
  const file = metadata.files.find((entry) => entry.path === path)
  if (!file) throw new HttpError(404, `Model ${id} has no file “${path.slice(0, 80)}”.`)
  return sendFile(file, asked, (from, to) => ctx.blobs.read(file.sha256, from, to))
}
