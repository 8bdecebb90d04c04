import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasSwift, type Swift, startSwift } from '../../bin/s3/swift'
import { testBlobs } from '../../test/blob-store'
import { freePort } from '../../test/free-port'
import { testUploads } from '../../test/upload-store'
import { isOutage } from '../part-away'
import { assertBucket } from './assert-bucket'
import { readBlob } from './read-blob'
import { s3Blobs } from './s3-blobs'
import { s3Uploads } from './s3-uploads'

/** Needs OpenStack Swift, which `npm test` installs on Debian. */
describe.skipIf(!hasSwift)('a bucket of OpenStack Swift', () => {
  let swift: Swift
  let line: Server
  /** After how many bytes, both ways together, each of the next connections is cut; those after them are whole. */
  let cuts: number[] = []
  const through = () => {
    const { port } = line.address() as { port: number }
    return s3Blobs({ ...swift.place, endpoint: `http://127.0.0.1:${port}` })
  }
  beforeAll(async () => {
    swift = await startSwift(mkdtempSync(join(tmpdir(), 'kinmark-swift-')), await freePort(4))
    const { port, hostname } = new URL(swift.place.endpoint ?? '')
    line = createServer((socket) => {
      const far = connect(Number(port), hostname)
      let left = cuts.shift() ?? Number.POSITIVE_INFINITY
      const pass = (from: Socket, to: Socket) => {
        from.on('data', (bytes) => {
          to.write(bytes.subarray(0, left))
          left -= bytes.length
          if (left <= 0) from.destroy()
        })
        from.on('error', () => to.destroy()).on('close', () => to.end())
      }
      pass(socket, far)
      pass(far, socket)
    })
    await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve))
  }, 120_000)
  afterAll(async () => {
    line.close()
    await swift.stop()
  })

  testBlobs(() => s3Blobs(swift.place))

  test('error: a bucket that is not there, a key that does not open it, a store that does not answer', async () => {
    await assertBucket(swift.place)
    const unusable = (bucket: string, status: number) => ({
      code: 'storage.bucket-unusable',
      facts: { bucket, status },
    })
    const refused = (place: object) => expect(assertBucket({ ...swift.place, ...place })).rejects
    await refused({ bucket: 'misspelt' }).toMatchObject(unusable('misspelt', 404))
    await refused({ secretAccessKey: 'guessed' }).toMatchObject(unusable('kinmark', 403))
    const endpoint = `http://127.0.0.1:${await freePort(1)}`
    await refused({ endpoint }).toSatisfy((error) => isOutage(error))
  })

  testUploads(() => {
    const blobs = s3Blobs(swift.place)
    return { blobs, waiting: s3Uploads(swift.place, blobs) }
  })

  test('behavior: a link gives the whole file to anyone, under its name, for some minutes', async () => {
    const blobs = s3Blobs(swift.place)
    const { sha256 } = await blobs.put([Buffer.from('weights')])
    const link = new URL((await blobs.link(sha256, 'größe; "1".bin')) ?? '')
    const answer = await fetch(link)
    expect(await answer.text()).toBe('weights')
    expect(answer.headers.get('content-disposition')).toContain('gr%C3%B6%C3%9Fe%3B%20%221%22.bin')
    expect(Number(link.searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(900)
    link.pathname = link.pathname.replace(sha256, '0'.repeat(64))
    expect((await fetch(link)).status).toBe(403)
  })

  test('behavior: what is sent to a link becomes the blob that it is said to be, and nothing else does', async () => {
    const blobs = s3Blobs(swift.place)
    const bytes = randomBytes(100_000)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const expected = { sha256, size: bytes.length }
    const send = async (body: Uint8Array<ArrayBuffer>, change = (link: URL) => link) => {
      const { url, upload } = (await blobs.uploadLink(bytes.length))!
      const link = change(new URL(url))
      expect(Number(link.searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(900)
      return { upload, link, status: (await fetch(link, { method: 'PUT', body })).status }
    }
    const other = await send(randomBytes(bytes.length))
    await expect(blobs.take(other.upload, expected)).rejects.toMatchObject({ code: 'storage.blob-differs' })
    await expect(blobs.take(other.upload, expected)).rejects.toMatchObject({ code: 'storage.upload-unknown' })
    expect((await send(randomBytes(bytes.length + 1))).status).toBe(403)
    expect((await send(bytes.subarray(1))).status).toBe(403)
    const elsewhere = (link: URL) => new URL(link.href.replace(/incoming\/[^?]+/, `${sha256.slice(0, 2)}/${sha256}`))
    expect((await send(bytes, elsewhere)).status).toBe(403)
    expect(await blobs.size(sha256)).toBeNull()

    const sent = await send(bytes)
    expect([sent.status, (await fetch(sent.link)).status]).toEqual([200, 403])
    await blobs.take(sent.upload, expected)
    expect((await readBlob(blobs, sha256)).equals(bytes)).toBe(true)
    // what comes later by the same link is no blob
    await fetch(sent.link, { method: 'PUT', body: randomBytes(bytes.length) })
    expect((await readBlob(blobs, sha256)).equals(bytes)).toBe(true)
    for (const upload of ['incoming/../x', `${sha256.slice(0, 2)}/${sha256}`, 'incoming/'])
      await expect(blobs.take(upload, expected)).rejects.toMatchObject({ code: 'storage.upload-unknown' })
  })

  test('error: a connection that breaks in the middle of a read goes on at the byte that it had reached', async () => {
    const bytes = randomBytes(3 * 2 ** 20)
    const { sha256 } = await s3Blobs(swift.place).put([bytes])
    cuts = [1_000_000, 600_000, 100]
    expect((await readBlob(through(), sha256, 7)).equals(bytes.subarray(7))).toBe(true)
    expect(cuts).toEqual([])
  })

  test('error: connections that break in the middle of a part are begun again, and the blob is whole', async () => {
    const bytes = randomBytes(40 * 2 ** 20)
    cuts = [3_000_000, 9_000_000, 200]
    const { sha256, size } = await through().put([bytes.subarray(0, 100), bytes.subarray(100)])
    expect([size, cuts]).toEqual([bytes.length, []])
    expect((await readBlob(s3Blobs(swift.place), sha256)).equals(bytes)).toBe(true)
  })

  test('error: a store that does not answer is an error, and what was there stays', async () => {
    const { sha256 } = await s3Blobs(swift.place).put([Buffer.from('weights')])
    const gone = s3Blobs({ ...swift.place, endpoint: `http://127.0.0.1:${await freePort(1)}` })
    await expect(gone.size(sha256)).rejects.toThrow()
    await expect(readBlob(gone, sha256)).rejects.toThrow()
    await expect(gone.put([randomBytes(10)])).rejects.toThrow()
    const stranger = s3Blobs({ ...swift.place, secretAccessKey: 'guessed' })
    await expect(stranger.size(sha256)).rejects.toThrow()
    await expect(stranger.remove(sha256)).rejects.toThrow()
    expect(await s3Blobs(swift.place).size(sha256)).toBe(7)
  })
})
