import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { KinmarkError } from '../error'
import { assertBlob, type Blob, type Blobs, blobPath, hashOf } from './blobs'
import { s3Config } from './s3-client'
import type { S3Place } from './s3-place'
import { writeAtomically } from './write-atomically'

/** Bytes of a part; S3 wants at least 5 MiB, and no more than 10,000 parts. */
const partBytes = 16 * 2 ** 20
/** Bytes that one request can copy within the store (S3's limit is 5 GiB), and of a part where there are more. */
const copyBytes = 2 ** 30
/** How often a read goes on where it broke off without one byte more. */
const readTries = 4
const linkSeconds = 15 * 60
const uploadName = /^incoming\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export type S3Blobs = Blobs & {
  /** Makes an object of the bucket a blob when its hash is `sha256`. Otherwise it stays. */
  adopt(key: string, sha256: string): Promise<Blob>
}

/** Blobs in a bucket. */
export function s3Blobs(place: S3Place): S3Blobs {
  const client = new S3Client(s3Config(place))
  const at = (Key: string) => ({ Bucket: place.bucket, Key })

  const sizeAt = (key: string): Promise<number | null> =>
    client.send(new HeadObjectCommand(at(key))).then(
      ({ ContentLength }) => ContentLength ?? 0,
      (error) => {
        if (isMissing(error)) return null
        throw error
      },
    )

  /** A range of an object. Where the connection breaks, it goes on at the byte that it had reached. */
  async function* readAt(key: string, from: number, to: number): AsyncGenerator<Uint8Array> {
    let reached = from
    for (let tries = 0; reached < to; ) {
      const last = Number.isFinite(to) ? to - 1 : ''
      const isWhole = reached === 0 && to === Number.POSITIVE_INFINITY
      try {
        const Range = isWhole ? undefined : `bytes=${reached}-${last}`
        const { Body, ContentLength } = await client.send(new GetObjectCommand({ ...at(key), Range }))
        const end = reached + (ContentLength ?? 0)
        for await (const chunk of Body as AsyncIterable<Uint8Array>) {
          reached += chunk.byteLength
          tries = 0
          yield chunk
        }
        if (reached >= end) return
        throw new Error(`${key} ended at byte ${reached} of ${end}.`)
      } catch (error) {
        if (isMissing(error) || ++tries === readTries) throw error
      }
    }
  }

  const copy = async (from: string, key: string, size: number) => {
    const CopySource = `${place.bucket}/${from}`
    if (size <= copyBytes) return client.send(new CopyObjectCommand({ ...at(key), CopySource }))
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at(key)))
    const upload = { ...at(key), UploadId }
    try {
      const Parts: CompletedPart[] = []
      for (let start = 0; start < size; start += copyBytes) {
        const PartNumber = Parts.length + 1
        const CopySourceRange = `bytes=${start}-${Math.min(start + copyBytes, size) - 1}`
        const part = { ...upload, PartNumber, CopySource, CopySourceRange }
        const { CopyPartResult } = await client.send(new UploadPartCopyCommand(part))
        Parts.push({ PartNumber, ETag: CopyPartResult?.ETag })
      }
      await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }))
    } catch (error) {
      await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined)
      throw error
    }
  }

  const removeAt = async (key: string) => {
    await client.send(new DeleteObjectCommand(at(key)))
  }

  const adopt = async (key: string, sha256: string) => {
    const found = await hashOf(readAt(key, 0, Number.POSITIVE_INFINITY))
    if (found.sha256 !== sha256) return found
    if ((await sizeAt(blobPath(sha256))) === null) await copy(key, blobPath(sha256), found.size)
    await removeAt(key)
    return found
  }

  return {
    adopt,
    size: async (sha256) => sizeAt(blobPath(sha256)),
    async put(bytes, expected) {
      const hash = createHash('sha256')
      let size = 0
      const counted = async function* () {
        for await (const chunk of bytes) {
          hash.update(chunk)
          size += chunk.byteLength
          yield chunk
        }
      }
      // The hash is known at the end only: what is longer than a part waits under another name.
      const { head, rest } = await split(counted(), partBytes)
      if (!rest) {
        const blob = { sha256: hash.digest('hex'), size }
        assertBlob(blob, expected)
        await client.send(new PutObjectCommand({ ...at(blobPath(blob.sha256)), Body: head }))
        return blob
      }
      const waiting = `incoming/${randomUUID()}`
      const Body = Readable.from(joined(head, rest), { objectMode: false })
      await new Upload({ client, params: { ...at(waiting), Body }, partSize: partBytes, queueSize: 2 }).done()
      const blob = { sha256: hash.digest('hex'), size }
      try {
        assertBlob(blob, expected)
        await copy(waiting, blobPath(blob.sha256), size)
      } finally {
        await removeAt(waiting)
      }
      return blob
    },
    read: (sha256, from = 0, to = Number.POSITIVE_INFINITY) => readAt(blobPath(sha256), from, to),
    remove: (sha256) => removeAt(blobPath(sha256)),
    async materialize(sha256, target) {
      await mkdir(dirname(target), { recursive: true })
      await writeAtomically(target, async (temporary) => {
        await pipeline(readAt(blobPath(sha256), 0, Number.POSITIVE_INFINITY), createWriteStream(temporary))
      })
    },
    link: (sha256, name) => {
      const ResponseContentDisposition = `attachment; filename*=UTF-8''${encodeURIComponent(name)}`
      const get = new GetObjectCommand({ ...at(blobPath(sha256)), ResponseContentDisposition })
      return getSignedUrl(client, get, { expiresIn: linkSeconds })
    },
    async uploadLink(size) {
      const upload = `incoming/${randomUUID()}`
      const put = new PutObjectCommand({ ...at(upload), ContentLength: size })
      const signableHeaders = new Set(['host', 'content-length'])
      return { upload, url: await getSignedUrl(client, put, { expiresIn: linkSeconds, signableHeaders }) }
    },
    async take(upload, expected) {
      const sent = uploadName.test(upload) ? await sizeAt(upload) : null
      if (sent === null) throw new KinmarkError('storage.upload-unknown', { upload })
      // Who has the link may send other bytes meanwhile, so what is hashed is a copy that has no link.
      const own = `incoming/${randomUUID()}`
      try {
        if (sent !== expected.size) assertBlob({ sha256: expected.sha256, size: sent }, expected)
        await copy(upload, own, sent)
        assertBlob(await adopt(own, expected.sha256), expected)
      } finally {
        for (const key of [upload, own]) await removeAt(key)
      }
    },
  }
}

function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } }
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404
}

/** The first bytes of a stream, at least `size` of them where there is a rest. */
async function split(bytes: AsyncIterable<Uint8Array>, size: number) {
  const chunks: Uint8Array[] = []
  let length = 0
  const rest = bytes[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await rest.next()
    if (done) return { head: Buffer.concat(chunks), rest: null }
    chunks.push(value)
    length += value.byteLength
    if (length > size) return { head: Buffer.concat(chunks), rest }
  }
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head
  for (;;) {
    const { done, value } = await rest.next()
    if (done) return
    yield value
  }
}
