import type { IncomingMessage } from 'node:http'
import { KinmarkError, messageOf } from '../error'

/** The JSON of a request’s body. Throws `serve.content-type-wrong`, `serve.body-too-large` and `serve.body-not-json`. */
export async function readBody(request: IncomingMessage, limit: number): Promise<unknown> {
  return parseBody(await readBytes(request, limit))
}

/**
 * The bytes of a request’s JSON body. `onBytes` is told of each piece, and may throw. Throws `serve.content-type-wrong` and
 * `serve.body-too-large`.
 */
export async function readBytes(
  request: IncomingMessage,
  limit: number,
  onBytes?: (bytes: number) => void,
): Promise<Buffer> {
  const contentType = request.headers['content-type'] ?? ''
  if (!/^application\/json\b/i.test(contentType)) throw new KinmarkError('serve.content-type-wrong', { contentType })
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new KinmarkError('serve.body-too-large', { limit })
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length
    if (length > limit) throw new KinmarkError('serve.body-too-large', { limit })
    onBytes?.(chunk.length)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Parses UTF-8 as JSON. Throws `serve.body-not-json`. */
function parseBody(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new KinmarkError('serve.body-not-json', { reason: messageOf(cause) }, { cause })
  }
}
