import { createHash, randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Blobs } from '../lib/storage/blobs'
import { readBlob } from '../lib/storage/read-blob'
import type { UploadStore } from '../lib/storage/upload-store'
import { openUploads, type Upload, type Uploads } from '../lib/storage/uploads'

const site = 'http://localhost:3000'
const tus = { 'tus-resumable': '1.0.0' }
const encode = (text: string) => Buffer.from(text).toString('base64')
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

type Stores = { blobs: Blobs; waiting: UploadStore }

/** A server that takes uploads with this hash. */
function openServer({ waiting }: Stores, sha256 = '') {
  const finished: Upload[] = []
  const uploads = openUploads({
    store: waiting,
    path: '/api/uploads',
    maxBytes: 20_000_000,
    admit: async ({ draft }) => {
      if (draft !== 'mine') throw new Error('You have no such draft.')
    },
    finish: async (upload, id) => {
      finished.push(upload)
      await waiting.take(id, sha256)
    },
    refuse: (error) => ({ status_code: 404, body: String(error) }),
  })
  return { uploads, finished }
}

const begin = (uploads: Uploads, size: number, draft = 'mine') =>
  uploads.handle(
    new Request(`${site}/api/uploads`, {
      method: 'POST',
      headers: {
        ...tus,
        'upload-length': String(size),
        'upload-metadata': `draft ${encode(draft)},path ${encode('model.safetensors')}`,
      },
    }),
  )

const send = (uploads: Uploads, at: string, offset: number, bytes: Uint8Array) =>
  uploads.handle(
    new Request(new URL(at, site), {
      method: 'PATCH',
      headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: new Uint8Array(bytes),
    }),
  )

const expire = async (uploads: Uploads, ...given: Parameters<Uploads['expired']>) => {
  for (const { id } of await uploads.expired(...given)) await uploads.drop(id)
}

const offsetOf = async (uploads: Uploads, at: string) => {
  const answer = await uploads.handle(new Request(new URL(at, site), { method: 'HEAD', headers: tus }))
  return Number(answer.headers.get('upload-offset'))
}

/** What uploads do in every store; `open` is a server's start. */
export function testUploads(open: () => Stores) {
  let stores: Stores
  beforeEach(async () => {
    stores = open()
    for (const { id } of await stores.waiting.list()) await stores.waiting.drop(id)
  })
  const waiting = async () => (await stores.waiting.list()).length

  test.each([300_000, 13_000_000])(
    'default: an upload of %i bytes continues at its offset after a restart of the server',
    async (size) => {
      const bytes = randomBytes(size)
      const third = Math.floor(size / 3)
      const first = openServer(stores, hashOf(bytes))
      const created = await begin(first.uploads, size)
      expect(created.status).toBe(201)
      const at = created.headers.get('location') ?? ''
      await send(first.uploads, at, 0, bytes.subarray(0, third))

      stores = open()
      const second = openServer(stores, hashOf(bytes))
      await second.uploads.resume()
      expect(await offsetOf(second.uploads, at)).toBe(third)
      expect((await send(second.uploads, at, third, bytes.subarray(third, 2 * third))).status).toBe(204)
      expect((await send(second.uploads, at, 2 * third, bytes.subarray(2 * third))).status).toBe(204)
      expect(second.finished).toEqual([{ draft: 'mine', path: 'model.safetensors', size }])
      expect((await readBlob(stores.blobs, hashOf(bytes))).equals(bytes)).toBe(true)
      expect(await waiting()).toBe(0)
    },
  )

  test('behavior: an upload that was complete when the server died is finished by the next server', async () => {
    const bytes = randomBytes(10)
    const dying = openUploads({
      store: stores.waiting,
      path: '/api/uploads',
      maxBytes: 1_000_000,
      admit: async () => {},
      finish: () => Promise.reject(new Error('killed')),
      refuse: (error) => ({ status_code: 500, body: String(error) }),
    })
    const at = (await begin(dying, 10)).headers.get('location') ?? ''
    expect((await send(dying, at, 0, bytes)).status).toBe(500)
    stores = open()
    const next = openServer(stores, hashOf(bytes))
    await next.uploads.resume()
    expect(next.finished).toHaveLength(1)
    expect(await stores.blobs.size(hashOf(bytes))).toBe(10)
    expect(await waiting()).toBe(0)
  })

  test('error: other bytes than announced are no blob', async () => {
    const bytes = randomBytes(10)
    const { uploads } = openServer(stores, hashOf(randomBytes(10)))
    const at = (await begin(uploads, 10)).headers.get('location') ?? ''
    await send(uploads, at, 0, bytes)
    expect(await stores.blobs.size(hashOf(bytes))).toBeNull()
    expect(await waiting()).toBe(0)
  })

  test('error: a foreign draft, too many bytes, a wrong offset', async () => {
    const { uploads } = openServer(stores)
    const refused = await begin(uploads, 10, 'somebody else’s')
    expect(refused.status).toBe(404)
    expect(await refused.text()).toContain('You have no such draft.')
    expect((await begin(uploads, 20_000_001)).status).toBe(413)
    const at = (await begin(uploads, 10)).headers.get('location') ?? ''
    expect((await send(uploads, at, 5, randomBytes(5))).status).toBe(409)
  })

  test('behavior: a discarded draft takes what arrived of its files with it, and no other', async () => {
    const { uploads } = openServer(stores)
    const at = (await begin(uploads, 10)).headers.get('location') ?? ''
    await send(uploads, at, 0, randomBytes(5))
    await uploads.discard('another')
    expect(await offsetOf(uploads, at)).toBe(5)
    await uploads.discard('mine')
    expect(await waiting()).toBe(0)
  })

  test('behavior: unfinished uploads expire, and those without a draft go at once', async () => {
    const { uploads } = openServer(stores)
    await begin(uploads, 10)
    await expire(uploads, 60_000, async () => true)
    expect(await waiting()).toBe(1)
    await expire(uploads, -1, async () => true)
    expect(await waiting()).toBe(0)
    await begin(uploads, 10)
    await expire(uploads, 60_000, async (draft) => draft !== 'mine')
    expect(await waiting()).toBe(0)
  })
}
