import { eq } from 'drizzle-orm'
import { toHex } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { creator, startTestMarket, stranger, type TestMarket, terms } from '../../../test/market'
import { toModelId } from '../../chain/ids'
import { drafts } from '../../db/schema'
import { log } from '../../log'
import { isFilePath, manifestTree } from '../../manifest/manifest'
import { hashUri, longestText } from '../../manifest/metadata'
import { facetsOf } from '../read/facets-of'
import { getModel } from '../read/get-model'
import { listModels } from '../read/list-models'
import { removeExpired } from '../remove-expired'
import { recordBlobOwner } from './blob-ownership'
import { discardDraft } from './discard-draft'
import { createDraft, getDraft, listDrafts } from './drafts'
import { finalizeDraft } from './finalize-draft'
import { uploads } from './uploads'

let market: TestMarket
beforeAll(async () => {
  market = await startTestMarket()
})
afterAll(() => market?.stop())

test('default: a draft is made once, finalized, registered, listed, and then no draft any more', async () => {
  const draft = await createDraft(creator.address, await market.storeFiles(creator.address))
  expect(draft.files.every(({ uploaded }) => uploaded)).toBe(true)
  expect((await createDraft(creator.address, draft.files)).id).toBe(draft.id)
  expect(await listDrafts(creator.address)).toEqual([draft])
  const closed = await finalizeDraft(creator.address, draft.id, { playground: false })
  const { metadataURI, manifestRoot } = await finalizeDraft(creator.address, draft.id, { playground: true })
  expect(metadataURI).not.toBe(closed.metadataURI)
  expect((await finalizeDraft(creator.address, draft.id, { playground: false })).metadataURI).toBe(closed.metadataURI)
  await market.register(creator, manifestRoot, metadataURI!)
  await expect.poll(async () => (await listModels({})).models).toHaveLength(1)
  expect(await listDrafts(creator.address)).toEqual([])
  const found = await listModels({ search: 'TINY', sort: 'price' })
  expect(found.models[0]).toMatchObject({ id: '1', family: 'llama', terms })
  expect(await listModels({ search: 'no such model' })).toEqual({ models: [], next: null, similar: false })
  expect(await facetsOf()).toMatchObject({ families: [{ value: 'llama', models: 1 }] })
  // Another tab or device that still shows the draft locks no second bond for it.
  await expect(finalizeDraft(creator.address, draft.id, { playground: true })).rejects.toMatchObject({
    status: 409,
    code: 'market.draft-published',
    facts: { model: '1' },
  })
})

test('error: files that another account uploaded cannot be published', async () => {
  const { files, manifestRoot } = (await getModel(toModelId(1n)))!
  const draft = await createDraft(stranger.address, files)
  expect(draft.files.some(({ uploaded }) => uploaded)).toBe(false)
  await expect(finalizeDraft(stranger.address, draft.id, { playground: true })).rejects.toMatchObject({
    status: 409,
    code: 'market.file-not-uploaded',
  })
  await expect(finalizeDraft(creator.address, draft.id, { playground: false })).rejects.toMatchObject({
    status: 404,
    code: 'market.draft-unknown',
    facts: { draft: draft.id },
  })
  const uri = `ni:///sha-256;${Buffer.alloc(32).toString('base64url')}`
  await market.register(stranger, manifestRoot, uri)
  await market.register(stranger, manifestRoot, 'https://elsewhere.example/model.json')
  await market.indexed()
  expect((await listModels({})).models).toHaveLength(1)
  expect(await getModel(toModelId(2n))).toBeNull()
})

test('error: metadata that no database takes neither stops the list nor is lost for its creator', async () => {
  const card = (text: string) => (path: string, bytes: Buffer) => (path === 'README.md' ? Buffer.from(text) : bytes)
  const draft = await createDraft(creator.address, await market.storeFiles(creator.address, card('A card\0 with NUL.')))
  const { manifestRoot, metadataURI } = await finalizeDraft(creator.address, draft.id, { playground: false })
  const good = { ...(await getModel(toModelId(1n)))!, task: null, dtype: 'F32' }
  const hostile = [
    { ...good, card: '\ud800 half a pair' },
    { ...good, tensors: [{ name: 'a\0', dtype: '\udc00', shape: [1], sizeBytes: 4 }] },
    { ...good, files: good.files.map((file) => ({ ...file, path: `${file.path}\0` })) },
    { ...good, files: good.files.map((file) => ({ ...file, path: '../\ud800' })) },
    { ...good, files: [...good.files, ...good.files] },
    {
      ...good,
      files: Array.from({ length: 1_100 }, (_, i) => ({ ...good.files[0], path: `${i}`, size: 2 ** 53 - 1 })),
    },
    { ...good, parameters: 1.7e308, files: good.files.map((file) => ({ ...file, path: '../secret' })) },
  ]
  const before = (await listModels({})).models.length
  for (const each of hostile) {
    const text = JSON.stringify(each, (_, value) => (typeof value === 'bigint' ? String(value) : value))
    const blob = await market.ctx.blobs.put([Buffer.from(text)])
    await recordBlobOwner(market.ctx, creator.address, blob.sha256)
    const paths = new Set(each.files.map(({ path }) => path))
    const isTree = paths.size === each.files.length && each.files.every(({ path }) => isFilePath(path))
    const root = isTree ? toHex(manifestTree(each.files).root) : good.manifestRoot
    await market.register(creator, root, hashUri(blob.sha256))
  }
  // Larger than metadata may be, and of somebody else: the weights of any model would do.
  const weights = await market.ctx.blobs.put([Buffer.alloc(longestText + 1)])
  await market.register(creator, good.manifestRoot, hashUri(weights.sha256))
  await market.register(creator, manifestRoot, metadataURI!)
  await expect.poll(async () => (await listModels({})).models.length).toBeGreaterThan(before)
  await expect
    .poll(async () => (await listModels({ sort: 'new' })).models.some(({ summary }) => summary.includes('A card')))
    .toBe(true)
})

test('error: a folder without a usable model is not finalized', async () => {
  const files = await market.storeFiles(creator.address, (path, bytes) =>
    path === 'config.json' ? Buffer.from('{}') : bytes,
  )
  const draft = await createDraft(creator.address, files)
  await expect(finalizeDraft(creator.address, draft.id, { playground: false })).rejects.toThrow('config.json')
  await expect(createDraft(creator.address, [{ ...files[0], path: '../secret' }])).rejects.toMatchObject({
    code: 'weights.file-name-invalid',
    facts: { path: '../secret' },
  })
})

test('error: no files, too large a file', async () => {
  await expect(createDraft(creator.address, [])).rejects.toMatchObject({ status: 400, code: 'market.draft-empty' })
  const file = { path: 'a.bin', size: 2 ** 40, sha256: 'ab'.repeat(32) }
  await expect(createDraft(creator.address, [file])).rejects.toMatchObject({
    status: 413,
    code: 'market.file-too-large',
    facts: { path: 'a.bin', bytes: 2 ** 40, limit: 64 * 2 ** 30 },
  })
})

test('behavior: a discarded draft is gone, for its owner only', async () => {
  const draft = await createDraft(creator.address, [{ path: 'a.bin', size: 1, sha256: 'ab'.repeat(32) }])
  await expect(discardDraft(stranger.address, draft.id)).rejects.toMatchObject({ code: 'market.draft-unknown' })
  await discardDraft(creator.address, draft.id)
  await expect(getDraft(creator.address, draft.id)).rejects.toMatchObject({ code: 'market.draft-unknown' })
})

test('behavior: what was uploaded for a discarded draft is deleted, unless something else needs it', async () => {
  const { blobs } = market.ctx
  const own = await blobs.put([Buffer.from('only in this draft')])
  const shared = (await market.storeFiles(creator.address))[0]
  await recordBlobOwner(market.ctx, creator.address, own.sha256)
  const files = [{ path: 'a.bin', ...own }, shared]
  const draft = await createDraft(creator.address, files)
  await createDraft(stranger.address, files)
  await discardDraft(creator.address, draft.id)
  // The other draft still names both files.
  expect(await blobs.size(own.sha256)).not.toBeNull()
  const [foreign] = await listDrafts(stranger.address)
  const again = await createDraft(creator.address, files)
  await discardDraft(stranger.address, foreign.id)
  await discardDraft(creator.address, again.id)
  expect(await blobs.size(own.sha256)).toBeNull()
  // A published version needs this one.
  expect(await blobs.size(shared.sha256)).not.toBeNull()
})

test('behavior: a draft that nobody registered for a month is named where expiry is only logged, and else deleted', async () => {
  const { blobs, db } = market.ctx
  const own = await blobs.put([Buffer.from('forgotten')])
  await recordBlobOwner(market.ctx, creator.address, own.sha256)
  const old = await createDraft(creator.address, [{ path: 'a.bin', ...own }])
  const young = await createDraft(creator.address, [{ path: 'b.bin', size: 1, sha256: 'cd'.repeat(32) }])
  const createdAt = new Date(Date.now() - 31 * 86_400_000)
  await db.update(drafts).set({ createdAt }).where(eq(drafts.id, old.id))
  const logged = vi.spyOn(log, 'info').mockImplementation(() => undefined)
  await removeExpired({ ...market.ctx, env: { ...market.ctx.env, expiry: 'log' } })
  expect(logged.mock.calls).toEqual([
    [expect.objectContaining({ draft: old.id, bytes: 9 }), 'This draft would be deleted.'],
  ])
  logged.mockRestore()
  expect(await blobs.size(own.sha256)).toBe(9)
  await removeExpired(market.ctx)
  expect(await blobs.size(own.sha256)).toBeNull()
  const left = (await listDrafts(creator.address)).map(({ id }) => id)
  expect([left.includes(old.id), left.includes(young.id)]).toEqual([false, true])
  await discardDraft(creator.address, young.id)
})

test('error: too many drafts, and too many bytes in them', async () => {
  const file = (i: number, size = 1) => ({ path: `${i}.bin`, size, sha256: String(i).padStart(64, '0') })
  const large = Array.from({ length: 5 }, (_, i) => file(i, 64 * 2 ** 30))
  await expect(createDraft(stranger.address, large)).rejects.toMatchObject({ status: 413, code: 'market.draft-quota' })
  const room = 20 - (await listDrafts(stranger.address)).length
  const made = []
  for (let i = 0; i < room; i++) made.push(await createDraft(stranger.address, [file(i)]))
  await expect(createDraft(stranger.address, [file(99)])).rejects.toMatchObject({
    status: 429,
    code: 'market.drafts-many',
  })
  expect((await createDraft(stranger.address, [file(0)])).id).toBe(made[0].id)
  for (const { id } of made) await discardDraft(stranger.address, id)
})

test('error: a refused upload is answered with a problem', async () => {
  // Outside of a request of Next there is no session, so every upload fails.
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined)
  const headers = { 'tus-resumable': '1.0.0', 'upload-length': '5', 'upload-metadata': 'draft YQ==,path YQ==' }
  const { handle } = await uploads()
  const response = await handle(new Request('http://localhost:3000/api/uploads', { method: 'POST', headers }))
  expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json'])
  expect(await response.json()).toMatchObject({ status: 500, code: 'market.internal' })
  expect(logged).toHaveBeenCalledOnce()
  logged.mockRestore()
})
