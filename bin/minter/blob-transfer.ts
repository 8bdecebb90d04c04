import { openAsBlob } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { KinmarkError } from '../../lib/error'
import type { BlobLink, MinterWork } from '../../lib/minting/blob-link'
import { isOutage } from '../../lib/part-away'
import { errorOfProblem } from '../../lib/problem'
import type { Blob } from '../../lib/storage/blobs'
import type { MinterClient } from './minter-client'

/** How often a transfer begins again without one byte more. */
const mostTries = 5
const pauseMs = 200

/** All bytes of a blob. Where the connection breaks or the link ends, it goes on at the byte that it had reached. */
export async function* download(
  client: MinterClient,
  work: MinterWork,
  { sha256, size }: Blob,
): AsyncGenerator<Uint8Array> {
  let reached = 0
  for (let failures = 0; reached < size; ) {
    const before = reached
    try {
      const link = await client.link({ method: 'GET', work, sha256 })
      for await (const part of rangeFrom(urlOf(client, link), reached)) {
        reached += part.byteLength
        if (reached > size) throw new KinmarkError('storage.blob-differs', differs({ sha256, size }, reached))
        yield part
      }
      if (reached < size) throw lostConnection()
    } catch (error) {
      if (reached > before) failures = 0
      if (!isWorthTrying(error) || ++failures === mostTries) throw error
      await wait(pauseMs * failures)
    }
  }
}

/** Sends a blob that is in `file`, unless the app has it. */
export async function upload(client: MinterClient, work: MinterWork, blob: Blob, file: string): Promise<void> {
  for (let failures = 0; ; ) {
    try {
      const link = await client.link({ method: 'PUT', work, ...blob })
      if (link.url === null) return
      const body = await openAsBlob(file)
      await requireOk(await fetch(urlOf(client, link), { method: 'PUT', body }))
      if (link.upload !== null) await client.uploaded({ work, ...blob, upload: link.upload })
      return
    } catch (error) {
      if (!isWorthTrying(error) || ++failures === mostTries) throw error
      await wait(pauseMs * failures)
    }
  }
}

function urlOf({ url }: MinterClient, link: BlobLink): URL {
  return new URL(link.url ?? '', url)
}

/** A server may answer a request for a range with the whole: then its beginning is left out. */
async function* rangeFrom(url: URL, from: number): AsyncGenerator<Uint8Array> {
  const response = await requireOk(await fetch(url, from > 0 ? { headers: { range: `bytes=${from}-` } } : {}))
  let skip = response.status === 206 ? 0 : from
  for await (const part of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    const rest = part.subarray(skip)
    skip -= part.byteLength - rest.byteLength
    if (rest.byteLength > 0) yield rest
  }
}

/** Throws the app’s own error; `minting.transfer-refused` for the answer of a store. */
async function requireOk(response: Response): Promise<Response> {
  if (response.ok) return response
  const { status } = response
  const isProblem = response.headers.get('content-type')?.includes('problem+json')
  if (isProblem && status < 500) throw errorOfProblem(await response.json(), status)
  await response.body?.cancel()
  throw new KinmarkError('minting.transfer-refused', { status })
}

const differs = (expected: Blob, size: number) => ({ expected, found: { sha256: expected.sha256, size } })

const lostConnection = () => Object.assign(new Error('The connection ended early.'), { code: 'ECONNRESET' })

/** Links that have ended, connections that broke, stores that are busy. */
function isWorthTrying(error: unknown): boolean {
  if (error instanceof KinmarkError)
    return error.code === 'minting.transfer-refused' || error.code === 'minting.link-invalid'
  return isOutage(error) || (error instanceof TypeError && error.cause !== undefined)
}
