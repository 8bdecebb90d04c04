import 'server-only'
import { Readable } from 'node:stream'
import { and, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { copies } from '../db/schema'
import { readArtifact } from '../storage/artifact'
import { parseRange } from '../storage/range'
import { copyRows } from './copy-view'
import { market } from './open'
import { Refusal } from './refusal'

/** A file of a buyer's copy, or the range of it that was asked for: base bytes and edited tensors joined on the way out. */
export async function sendCopyFile(buyer: Address, id: string, path: string, asked: Headers): Promise<Response> {
  const { db, blobs } = await market()
  const [row] = await copyRows({ db }, and(eq(copies.id, id), eq(copies.buyer, buyer))!)
  if (!row) throw new Refusal(404, `You have no copy ${id.slice(0, 80)}.`)
  const { copy, mint } = row
  if (copy.artifactRoot === null || copy.artifactRoot !== mint?.artifactRoot)
    throw new Refusal(409, `Copy ${id} has not been delivered yet.`)
  const file = mint.files?.find((entry) => entry.path === path)
  if (!file) throw new Refusal(404, `Copy ${id} has no file “${path.slice(0, 80)}”.`)

  const etag = `"${file.sha256}"`
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': `attachment; filename="${path.split('/').at(-1)}"`,
    'content-type': 'application/octet-stream',
    etag,
    'repr-digest': `sha-256=:${Buffer.from(file.sha256, 'hex').toString('base64')}:`,
  })
  if (asked.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  const current = asked.get('if-range') === null || asked.get('if-range') === etag
  const range = current ? parseRange(asked.get('range'), file.size) : null
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${file.size}`)
    return new Response(null, { status: 416, headers })
  }
  const { from, to } = range ?? { from: 0, to: file.size }
  headers.set('content-length', String(to - from))
  if (range) headers.set('content-range', `bytes ${from}-${to - 1}/${file.size}`)
  const body = Readable.toWeb(Readable.from(readArtifact(blobs, file.segments, from, to))) as ReadableStream
  return new Response(body, { status: range ? 206 : 200, headers })
}
