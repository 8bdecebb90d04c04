import 'server-only'
import { Readable } from 'node:stream'
import type { FileEntry } from '../../manifest/manifest'
import { pictureType } from '../../manifest/open-file'
import { parseRange } from '../../storage/range'

type Read = (from: number, to: number) => AsyncIterable<Uint8Array>

/** A file, or the range of it that the request asks for (RFC 9110). Its ETag is its SHA-256. */
export function sendFile({ path, size, sha256 }: FileEntry, request: Headers, read: Read): Response {
  const etag = `"${sha256}"`
  const picture = pictureType(path)
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': `${picture ? 'inline' : 'attachment'}; filename="${path.split('/').at(-1)}"`,
    'content-security-policy': "default-src 'none'",
    'content-type': picture ?? 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    etag,
    'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
  })
  if (request.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  const current = request.get('if-range') === null || request.get('if-range') === etag
  const range = current ? parseRange(request.get('range'), size) : null
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`)
    return new Response(null, { status: 416, headers })
  }
  const { from, to } = range ?? { from: 0, to: size }
  headers.set('content-length', String(to - from))
  if (range) headers.set('content-range', `bytes ${from}-${to - 1}/${size}`)
  const body = Readable.toWeb(Readable.from(read(from, to))) as ReadableStream
  return new Response(body, { status: range ? 206 : 200, headers })
}
