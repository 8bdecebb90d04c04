import 'server-only'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { BlobLink, LinkRequest, SignedQuery, Uploaded } from '../../minting/blob-link'
import { deriveKey } from '../../sealing/seal'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { sendFile } from '../http/send-file'
import { blobsOfWork } from './work-blobs'

/** A download that takes longer goes on with another link. */
const linkSeconds = 15 * 60

/**
 * A link for one blob and one method: to the bucket, or to this app. Throws `minting.lease-over`, `minting.blob-foreign` for
 * a blob that the work does not read, `minting.blob-missing`, and `market.body-too-large` for one that is too large to store.
 */
export async function linkTo(request: LinkRequest): Promise<BlobLink> {
  const ctx = await market()
  const { method, sha256, work } = request
  const { readable, makes } = await blobsOfWork(ctx, work)
  const stored = await ctx.blobs.size(sha256)
  if (method === 'GET') {
    if (!readable.has(sha256)) throw new HttpError(403, 'minting.blob-foreign', { blob: sha256 })
    if (stored === null) throw new HttpError(404, 'minting.blob-missing', { blob: sha256 })
    const url = (await ctx.blobs.link(sha256, sha256)) ?? signedPath(ctx, request, stored)
    return { url, size: stored, upload: null }
  }
  const { size } = request
  const limit = ctx.env.maxFileBytes
  if (!makes) throw new HttpError(403, 'minting.blob-foreign', { blob: sha256 })
  if (size > limit) throw new HttpError(413, 'market.body-too-large', { bytes: size, limit })
  if (stored === size) return { url: null, size, upload: null }
  const place = await ctx.blobs.uploadLink(size)
  return { url: place?.url ?? signedPath(ctx, request, size), size, upload: place?.upload ?? null }
}

/** Makes what a minter has sent to the bucket a blob. Throws as `linkTo`, and `storage.blob-differs`. */
export async function takeUpload({ work, sha256, size, upload }: Uploaded): Promise<void> {
  const ctx = await market()
  const { makes } = await blobsOfWork(ctx, work)
  if (!makes) throw new HttpError(403, 'minting.blob-foreign', { blob: sha256 })
  await ctx.blobs.take(upload, { sha256, size })
}

/** Sends a blob, or a range of it, to who has a signed link. Throws `minting.link-invalid`, `minting.lease-over`. */
export async function sendBlob(sha256: string, query: SignedQuery, headers: Headers): Promise<Response> {
  const ctx = await market()
  assertSigned(ctx, 'GET', sha256, query)
  const { readable } = await blobsOfWork(ctx, query)
  if (!readable.has(sha256)) throw new HttpError(403, 'minting.blob-foreign', { blob: sha256 })
  const size = await ctx.blobs.size(sha256)
  if (size === null) throw new HttpError(404, 'minting.blob-missing', { blob: sha256 })
  return sendFile({ path: sha256, size, sha256 }, headers, (from, to) => ctx.blobs.read(sha256, from, to))
}

/**
 * Stores a blob of who has a signed link. Throws `minting.link-invalid`, `minting.lease-over`, `market.body-too-large` once
 * there are more bytes than were announced, and `storage.blob-differs` where their hash or number is another; then nothing
 * is kept.
 */
export async function receiveBlob(sha256: string, query: SignedQuery, request: Request): Promise<void> {
  const ctx = await market()
  assertSigned(ctx, 'PUT', sha256, query)
  await blobsOfWork(ctx, query)
  const { size } = query
  const announced = Number(request.headers.get('content-length') ?? size)
  if (announced > size) throw new HttpError(413, 'market.body-too-large', { bytes: announced, limit: size })
  if (request.headers.has('content-range')) throw new HttpError(400, 'minting.link-invalid')
  const bytes = request.body ? (request.body as unknown as AsyncIterable<Uint8Array>) : []
  await ctx.blobs.put(atMost(bytes, size), { sha256, size })
}

async function* atMost(bytes: AsyncIterable<Uint8Array> | Uint8Array[], limit: number): AsyncGenerator<Uint8Array> {
  let sum = 0
  for await (const part of bytes) {
    sum += part.byteLength
    if (sum > limit) throw new HttpError(413, 'market.body-too-large', { bytes: sum, limit })
    yield part
  }
}

function signedPath(ctx: Pick<Market, 'master'>, { method, sha256, work }: LinkRequest, size: number): string {
  const expires = Math.floor(Date.now() / 1000) + linkSeconds
  const named = { ...work, method, size, expires }
  const query = Object.entries({ ...named, signature: signatureOf(ctx, sha256, named) })
  return `/api/minter/blobs/${sha256}?${new URLSearchParams(query.map(([name, value]) => [name, `${value}`]))}`
}

/** HMAC-SHA-256 over all that a link allows. */
function signatureOf(
  { master }: Pick<Market, 'master'>,
  sha256: string,
  query: Omit<SignedQuery, 'signature'>,
): string {
  const { kind, id, attempt, method, size, expires } = query
  const text = JSON.stringify([method, sha256, size, kind, id, attempt, expires])
  return createHmac('sha256', deriveKey(master, 'links of minters')).update(text).digest('hex')
}

function assertSigned(ctx: Market, method: SignedQuery['method'], sha256: string, query: SignedQuery): void {
  const [given, made] = [query.signature, signatureOf(ctx, sha256, query)].map((text) => Buffer.from(text, 'hex'))
  const isOurs = given.length === made.length && timingSafeEqual(given, made)
  if (!isOurs || query.method !== method || query.expires < Date.now() / 1000)
    throw new HttpError(403, 'minting.link-invalid')
}
