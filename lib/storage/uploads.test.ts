import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openUploads, type Upload } from './uploads'

const site = 'http://localhost:3000'
const tus = { 'tus-resumable': '1.0.0' }
const encode = (text: string) => Buffer.from(text).toString('base64')

function openServer(folder = mkdtempSync(join(tmpdir(), 'kinmark-uploads-'))) {
  const finished: { upload: Upload; bytes: Buffer }[] = []
  const uploads = openUploads({
    folder,
    path: '/api/uploads',
    maxBytes: 1_000_000,
    admit: async ({ draft }) => {
      if (draft !== 'mine') throw new Error('You have no such draft.')
    },
    finish: async (upload, file) => {
      finished.push({ upload, bytes: readFileSync(file) })
      rmSync(file)
    },
    refuse: (error) => ({ status_code: 404, body: String(error) }),
  })
  return { folder, uploads, finished }
}

const begin = (uploads: ReturnType<typeof openServer>['uploads'], size: number, draft = 'mine') =>
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

const send = (uploads: ReturnType<typeof openServer>['uploads'], at: string, offset: number, bytes: Uint8Array) =>
  uploads.handle(
    new Request(new URL(at, site), {
      method: 'PATCH',
      headers: { ...tus, 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
      body: new Uint8Array(bytes),
    }),
  )

const offsetOf = async (uploads: ReturnType<typeof openServer>['uploads'], at: string) => {
  const answer = await uploads.handle(new Request(new URL(at, site), { method: 'HEAD', headers: tus }))
  return Number(answer.headers.get('upload-offset'))
}

test('default: an upload continues at its offset after a restart of the server', async () => {
  const bytes = randomBytes(300_000)
  const first = openServer()
  const created = await begin(first.uploads, bytes.length)
  expect(created.status).toBe(201)
  const at = created.headers.get('location') ?? ''
  await send(first.uploads, at, 0, bytes.subarray(0, 100_000))

  const second = openServer(first.folder)
  await second.uploads.resume()
  expect(await offsetOf(second.uploads, at)).toBe(100_000)
  expect((await send(second.uploads, at, 100_000, bytes.subarray(100_000))).status).toBe(204)
  expect(second.finished).toHaveLength(1)
  expect(second.finished[0].upload).toEqual({ draft: 'mine', path: 'model.safetensors', size: 300_000 })
  expect(second.finished[0].bytes.equals(bytes)).toBe(true)
  expect(readdirSync(first.folder)).toEqual([])
})

test('behavior: an upload that was complete when the server died is finished by the next server', async () => {
  const dying = openServer()
  const at = (await begin(dying.uploads, 10)).headers.get('location') ?? ''
  const fails = openUploads({
    folder: dying.folder,
    path: '/api/uploads',
    maxBytes: 1_000_000,
    admit: async () => {},
    finish: () => Promise.reject(new Error('killed')),
    refuse: (error) => ({ status_code: 500, body: String(error) }),
  })
  expect((await send(fails, at, 0, randomBytes(10))).status).toBe(500)
  const next = openServer(dying.folder)
  await next.uploads.resume()
  expect(next.finished).toHaveLength(1)
})

test('error: a foreign draft, too many bytes, a wrong offset', async () => {
  const { uploads } = openServer()
  const refused = await begin(uploads, 10, 'somebody else’s')
  expect(refused.status).toBe(404)
  expect(await refused.text()).toContain('You have no such draft.')
  expect((await begin(uploads, 2_000_000)).status).toBe(413)
  const at = (await begin(uploads, 10)).headers.get('location') ?? ''
  expect((await send(uploads, at, 5, randomBytes(5))).status).toBe(409)
})

test('behavior: a discarded draft takes what arrived of its files with it, and no other', async () => {
  const { folder, uploads } = openServer()
  const at = (await begin(uploads, 10)).headers.get('location') ?? ''
  await send(uploads, at, 0, randomBytes(5))
  await uploads.discard('another')
  expect(await offsetOf(uploads, at)).toBe(5)
  await uploads.discard('mine')
  expect(readdirSync(folder)).toEqual([])
})

test('behavior: unfinished uploads expire, and those without a draft go at once', async () => {
  const { folder, uploads } = openServer()
  await begin(uploads, 10)
  await uploads.expire(60_000, async () => true)
  expect(readdirSync(folder)).toHaveLength(2)
  await uploads.expire(-1, async () => true)
  expect(readdirSync(folder)).toEqual([])
  await begin(uploads, 10)
  await uploads.expire(60_000, async (draft) => draft !== 'mine')
  expect(readdirSync(folder)).toEqual([])
})
