import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { toHex } from 'viem'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { download, upload } from '../../../bin/minter/blob-transfer'
import { isFinal } from '../../../bin/minter/deliver'
import { isAppAway, openMinterClient } from '../../../bin/minter/minter-client'
import { startTestMarket, stranger, type TestMarket } from '../../../test/market'
import { type MinterRoutes, startMinterRoutes } from '../../../test/minter-routes'
import type { ModelId } from '../../chain/ids'
import { preparing } from '../../db/schema'
import type { MinterWork } from '../../minting/blob-link'
import type { MintOrder } from '../../minting/order'
import { readBlob } from '../../storage/read-blob'
import { getModel } from '../read/get-model'
import { linkTo, takeUpload } from './blob-links'
import { claimVersion, reportPreparing } from './claim-version'
import { failOrder } from './fail-order'
import { keepArtifact } from './keep-artifact'

let market: TestMarket
let app: MinterRoutes
let order: MintOrder
let work: MinterWork
let model: ModelId
/** A file that another account keeps in a draft. */
let foreign: string

beforeAll(async () => {
  market = await startTestMarket()
  app = await startMinterRoutes()
  model = await market.publishTiny()
  const files = await market.storeFiles(stranger.address, (_, bytes) => Buffer.concat([bytes, Buffer.from(' ')]))
  foreign = files[0].sha256
  await market.order(model, toHex('seed', { size: 32 }))
  order = await market.leaseSoon()
  work = { kind: 'order', ...order.lease }
})
afterEach(() => vi.useRealTimers())
afterAll(async () => {
  await app?.stop()
  await market?.stop()
})

const client = () => openMinterClient(app.url, market.ctx.minterToken)
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const weights = () => order.files.find(({ path }) => path === 'model.safetensors')!
const absolute = (url: string | null) => new URL(url ?? '', app.url)
const readLink = async (sha256 = weights().sha256, at = work) =>
  absolute((await client().link({ method: 'GET', work: at, sha256 })).url)
const writeLink = async (bytes: Uint8Array, size = bytes.length) =>
  absolute((await client().link({ method: 'PUT', work, sha256: hashOf(bytes), size })).url)
const codeOf = async (response: Response) => [response.status, (await response.json()).code]
const isStored = async (bytes: Uint8Array) => (await market.ctx.blobs.size(hashOf(bytes))) !== null

test('default: a blob of the work is loaded whole or in part by its link, and one that it made is stored', async () => {
  const { sha256, size } = weights()
  const link = await readLink()
  const whole = Buffer.from(await (await fetch(link)).arrayBuffer())
  expect([whole.length, hashOf(whole)]).toEqual([size, sha256])
  const part = await fetch(link, { headers: { range: 'bytes=10-19' } })
  expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, whole.subarray(10, 20)])
  const made = randomBytes(300_000)
  expect((await fetch(await writeLink(made), { method: 'PUT', body: made })).status).toBe(200)
  expect((await readBlob(market.ctx.blobs, hashOf(made))).equals(made)).toBe(true)
  expect(await client().link({ method: 'PUT', work, sha256: hashOf(made), size: made.length })).toMatchObject({
    url: null,
  })
})

test('error: a blob that is not of the work, or that nobody has', async () => {
  const ask = (sha256: string) => linkTo({ method: 'GET', work, sha256 })
  await expect(ask(foreign)).rejects.toMatchObject({ status: 403, code: 'minting.blob-foreign' })
  await expect(ask('0'.repeat(64))).rejects.toMatchObject({ status: 403, code: 'minting.blob-foreign' })
  const link = await readLink()
  link.pathname = link.pathname.replace(weights().sha256, foreign)
  expect(await codeOf(await fetch(link))).toEqual([403, 'minting.link-invalid'])
})

test('error: a link that is over, that was changed, or that is used for another method', async () => {
  const link = await readLink()
  const soon = Number(link.searchParams.get('expires'))
  expect(soon - Date.now() / 1000).toBeLessThanOrEqual(900)
  for (const [name, value] of [
    ['expires', `${soon + 1}`],
    ['size', '1'],
    ['id', randomUUID()],
    ['kind', 'quote'],
    ['attempt', '7'],
    ['method', 'PUT'],
    ['signature', 'f'.repeat(64)],
    ['signature', ''],
  ]) {
    const changed = new URL(link)
    changed.searchParams.set(name, value)
    expect(await codeOf(await fetch(changed)), name).toEqual([403, 'minting.link-invalid'])
  }
  expect(await codeOf(await fetch(link, { method: 'PUT', body: 'x' }))).toEqual([403, 'minting.link-invalid'])
  const made = randomBytes(10)
  expect(await codeOf(await fetch(await writeLink(made)))).toEqual([403, 'minting.link-invalid'])
  vi.useFakeTimers({ now: (soon + 1) * 1000, toFake: ['Date'] })
  expect(await codeOf(await fetch(link))).toEqual([403, 'minting.link-invalid'])
})

test('error: ranges beyond the blob, and parts of a blob that is stored', async () => {
  const { size } = weights()
  const link = await readLink()
  const beyond = await fetch(link, { headers: { range: `bytes=${size}-` } })
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${size}`])
  await beyond.body?.cancel()
  const made = randomBytes(100)
  const headers = { 'content-range': 'bytes 0-99/200' }
  const answer = await fetch(await writeLink(made), { method: 'PUT', body: made, headers })
  expect(await codeOf(answer)).toEqual([400, 'minting.link-invalid'])
  expect(await isStored(made)).toBe(false)
})

test('error: more bytes than were announced, fewer, or others: nothing is kept, and nothing of others is lost', async () => {
  const made = randomBytes(1000)
  const put = async (link: URL, body: Uint8Array | ReadableStream) =>
    codeOf(await fetch(link, { method: 'PUT', body, duplex: 'half' } as RequestInit))
  expect(await put(await writeLink(made, 999), made)).toEqual([413, 'market.body-too-large'])
  // without a length, it is cut where it passes the announced one
  const endless = new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(100)) })
  expect(await put(await writeLink(made), endless).catch(() => 'cut')).toSatisfy(
    (answer) => answer === 'cut' || answer[0] === 413,
  )
  expect(await put(await writeLink(made), made.subarray(1))).toEqual([400, 'storage.blob-differs'])
  // bytes that the store has under their own name
  const other = await readBlob(market.ctx.blobs, foreign)
  const named = await client().link({ method: 'PUT', work, sha256: hashOf(made), size: other.length })
  expect(await put(absolute(named.url), other)).toEqual([400, 'storage.blob-differs'])
  expect(await isStored(made)).toBe(false)
  expect(await isStored(other)).toBe(true)
  const limit = market.ctx.env.maxFileBytes
  await expect(linkTo({ method: 'PUT', work, sha256: hashOf(made), size: limit + 1 })).rejects.toMatchObject({
    status: 413,
  })
  await expect(
    takeUpload({ work, sha256: hashOf(made), size: 1000, upload: `incoming/${randomUUID()}` }),
  ).rejects.toMatchObject({ code: 'storage.upload-unknown' })
})

test('error: a copy, a preparation or a visitors’ copy out of what somebody uploaded', async () => {
  const artifact = await market.unchangedCopy(order)
  const size = (await market.ctx.blobs.size(foreign)) ?? 0
  const stolen = [{ ...artifact.files[0], size, segments: [{ blob: foreign, offset: 0, length: size }] }]
  const { manifestTree } = await import('../../manifest/manifest')
  const artifactRoot = toHex(manifestTree(stolen).root)
  await expect(keepArtifact(order.lease, { ...artifact, artifactRoot, files: stolen })).rejects.toMatchObject({
    code: 'minting.blob-foreign',
    facts: { blob: foreign },
  })
  const claimed = (await claimVersion())!
  const { modelId, version, manifestRoot, claim } = claimed
  const report = { modelId, version, manifestRoot, claim, done: 0.5 }
  const refused = { code: 'minting.blob-foreign', facts: { blob: foreign } }
  await expect(reportPreparing({ ...report, preparation: foreign })).rejects.toMatchObject(refused)
  await expect(reportPreparing({ ...report, visitorsCopy: stolen })).rejects.toMatchObject(refused)
  expect((await getModel(model))?.visitorsCopy).toBe(false)
})

test('error: a claim and a lease that were taken over, and links that were made before', async () => {
  await market.ctx.db.update(preparing).set({ heardAt: sql`now() - interval '1 minute'` })
  const first = (await claimVersion())!
  const former: MinterWork = { kind: 'version', id: first.claim, attempt: 0 }
  const old = await readLink(weights().sha256, former)
  expect((await fetch(old)).status).toBe(200)
  await market.ctx.db.update(preparing).set({ heardAt: sql`now() - interval '1 minute'` })
  const second = (await claimVersion())!
  expect(second.claim).not.toBe(first.claim)
  expect(await codeOf(await fetch(old))).toEqual([409, 'minting.lease-over'])
  await expect(readLink(weights().sha256, former)).rejects.toMatchObject({ code: 'minting.lease-over' })
  expect((await fetch(await readLink(weights().sha256, { ...former, id: second.claim }))).status).toBe(200)

  const [made, link] = [randomBytes(10), await readLink()]
  const put = await writeLink(made)
  await failOrder(order.lease, { failure: { code: 'minting.unexpected', facts: { reason: 'x' } }, final: false })
  order = await market.leaseSoon()
  expect(await codeOf(await fetch(link))).toEqual([409, 'minting.lease-over'])
  expect(await codeOf(await fetch(put, { method: 'PUT', body: made }))).toEqual([409, 'minting.lease-over'])
  await expect(readLink()).rejects.toMatchObject({ code: 'minting.lease-over' })
  work = { kind: 'order', ...order.lease }
  expect((await fetch(await readLink())).status).toBe(200)
})

test('error: without the minters’ token there is no link', async () => {
  const stranger = openMinterClient(app.url, '0'.repeat(64))
  await expect(stranger.link({ method: 'GET', work, sha256: weights().sha256 })).rejects.toMatchObject({
    code: 'minting.token-wrong',
  })
})

test('error: while the app is away, whoever asks it is told so, and a mint is tried again', async () => {
  const away = openMinterClient('http://127.0.0.1:9', market.ctx.minterToken)
  const error = await away.nextWork({ first: 'version' }).catch((error) => error)
  expect(error).toMatchObject({ code: 'minting.app-unreachable', facts: { url: 'http://127.0.0.1:9' } })
  expect(isAppAway(error)).toBe(true)
  expect(isFinal(error, 9)).toBe(false)
})

test('error: a download goes on where its connection broke, and bytes that are others are not kept', async () => {
  const { sha256, size } = weights()
  const own = client()
  const asked: (string | null)[] = []
  const real = globalThis.fetch
  let cuts = 2
  const cutting = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await real(input, init)
    if (!`${input}`.includes(sha256)) return response
    asked.push(new Headers(init?.headers).get('range'))
    if (cuts-- <= 0 || !response.body) return response
    let left = 500_000
    const cut = new TransformStream({
      transform(part: Uint8Array, stream) {
        if (left > 0) stream.enqueue(part.subarray(0, left))
        left -= part.length
        if (left <= 0) stream.error(Object.assign(new Error('cut'), { code: 'ECONNRESET' }))
      },
    })
    return new Response(response.body.pipeThrough(cut), response)
  })
  const bytes: Uint8Array[] = []
  for await (const part of download(own, work, { sha256, size })) bytes.push(part)
  cutting.mockRestore()
  expect(hashOf(Buffer.concat(bytes))).toBe(sha256)
  expect(asked.length).toBe(3)
  expect(asked[0]).toBeNull()
  expect(asked[2]).toMatch(/^bytes=\d{5,}-$/)
  await expect(upload(own, { ...work, kind: 'quote' }, { sha256, size }, '/dev/null')).rejects.toMatchObject({
    code: 'minting.lease-over',
  })
})
