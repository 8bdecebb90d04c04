import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq, type SQL, sql } from 'drizzle-orm'
import { toHex } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { creator, minter, startTestMarket, stranger, type TestMarket } from '../../../test/market'
import { type MinterRoutes, startMinterRoutes } from '../../../test/minter-routes'
import { commitKeyPoolCall } from '../../../test/quote'
import { type ModelId, toModelId, visitorsCopyId } from '../../chain/ids'
import { preparationShares, preparationSteps, preparing } from '../../db/schema'
import { defaultLayers } from '../../fingerprint/edit/layers'
import { openChatFrame } from '../../fingerprint/keys/chat-frame'
import { keyPoolTree } from '../../fingerprint/keyset/commitment'
import { promptsOf } from '../../fingerprint/near-ties/near-tie-keys'
import { prepare } from '../../fingerprint/prepare'
import { askKeys, votesAndLogOdds } from '../../fingerprint/verify'
import { openForFingerprinting } from '../../inference/node/open-for-fingerprinting'
import { openTokenizer } from '../../weights/text/tokenizer'
import { createDraft } from '../publish/drafts'
import { finalizeDraft } from '../publish/finalize-draft'
import { getModel } from '../read/get-model'
import { preparationDone } from '../read/preparation-done'
import { sendModelFile } from '../read/send-model-file'
import { linkTo } from './blob-links'
import { claimVersion, reportPreparing } from './claim-version'
import { modelOwnerKeySet, traceModel } from './fingerprints'
import { preparationOf } from './preparation-of'
import { claimStep, endStep, listSteps, removeStaleSteps } from './preparation-steps'
import { versionSecret } from './version-secret'

/** Minters see no database: one run with them is enough. */
const onPostgres = process.env.KINMARK_TEST_DATABASE === 'postgres'

let market: TestMarket
let model: ModelId
let app: MinterRoutes
const children: ChildProcess[] = []

beforeAll(async () => {
  Object.assign(process.env, { KINMARK_KEYS: '64', KINMARK_PREPARATION_SHARES: '2' })
  market = await startTestMarket()
  const draft = await createDraft(creator.address, await market.storeFiles(creator.address))
  const { manifestRoot, metadataURI } = await finalizeDraft(creator.address, draft.id, { playground: true })
  await market.register(creator, manifestRoot, metadataURI ?? '')
  await market.indexed()
  model = toModelId(1n)
  // its metadata is read after its block
  await vi.waitFor(async () => expect(await getModel(model)).not.toBeNull(), { timeout: 120_000 })
  app = await startMinterRoutes()
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await app?.stop()
  await market?.stop()
})

function startMinter(): ChildProcess {
  const key = minter.getHdKey().privateKey ?? new Uint8Array(0)
  const child = spawn(process.execPath, ['--conditions=react-server', '--import', 'tsx', 'bin/minter.ts'], {
    // They share the app and the chain, and nothing else: no folder, no database.
    env: {
      NODE_ENV: 'test',
      PATH: process.env.PATH,
      KINMARK_DATA: mkdtempSync(join(tmpdir(), 'kinmark-shares-minter-')),
      KINMARK_URL: app.url,
      KINMARK_RPC_URL: market.rpcUrl,
      KINMARK_MINTER_TOKEN: market.ctx.minterToken,
      KINMARK_MINTER_KEY: toHex(key),
      KINMARK_LOG_LEVEL: 'warn',
    },
    stdio: 'inherit',
  })
  children.push(child)
  return child
}

const rows = () => market.ctx.db.select().from(preparationShares).orderBy(preparationShares.part)
const steps = () => market.ctx.db.select().from(preparationSteps)
const lastHeard = (part: number, heardAt: SQL) =>
  market.ctx.db.update(preparationShares).set({ heardAt }).where(eq(preparationShares.part, part))
const heard = (part: number) => lastHeard(part, sql`now()`)
/** As if the minter of this share had been silent for a minute. */
const silent = (part: number) => lastHeard(part, sql`now() - interval '1 minute'`)

test('behavior: shares are given one by one, again after a silence, and the whole once they are made', async () => {
  const { ctx } = market
  const claims: string[] = []
  const next = async () => {
    const work = await claimVersion()
    if (typeof work?.share === 'number') claims[work.share] = work.claim
    return work?.share
  }
  const work = await claimVersion()
  claims[0] = work!.claim
  expect(work).toMatchObject({ modelId: model, version: 1, shares: 2, share: 0, keys: 64, preparation: null })
  const { modelId, version, manifestRoot } = work!
  const report = (part: number, done: number, claim = claims[part]) =>
    reportPreparing({ modelId, version, manifestRoot, claim, done, share: { part, of: 2 } })
  expect(await next()).toBe(1)
  expect(await next()).toBeUndefined()
  await report(0, 1)
  await report(1, 0.5)
  expect(await preparationDone(ctx, { modelId, manifestRoot })).toBeCloseTo(0.75 * 0.75)
  expect(await next()).toBeUndefined()
  await silent(0)
  await silent(1)
  const former = claims[1]
  expect(await next()).toBe(1)
  await expect(report(1, 1, former)).rejects.toMatchObject({ code: 'minting.lease-over' })
  await report(1, 1)
  await report(1, 0.5)
  expect((await rows()).map(({ done }) => done)).toEqual([1, 1])
  expect(await next()).toBeNull()
  await expect(
    reportPreparing({ modelId, version, manifestRoot, claim: claims[0], done: 0, share: { part: 0, of: 3 } }),
  ).rejects.toMatchObject({ code: 'minting.lease-over' })
  expect(await next()).toBeUndefined()
  await ctx.db.delete(preparationShares)
  await ctx.db.delete(preparing)
})

test('behavior: a preparation ends once another key pool is on the chain, and is not begun again', async () => {
  const { ctx } = market
  const files = await market.storeFiles(creator.address, (path, bytes) =>
    path === 'README.md' ? Buffer.from('# other\nA model.\n') : bytes,
  )
  const draft = await createDraft(creator.address, files)
  const { manifestRoot, metadataURI } = await finalizeDraft(creator.address, draft.id, { playground: false })
  await market.register(creator, manifestRoot, metadataURI ?? '')
  const other = toModelId(2n)
  const claimed = async () => {
    const work = await claimVersion()
    return work?.modelId === other ? work : null
  }
  const { claim } = await vi.waitFor(async () => (await claimed()) ?? Promise.reject(new Error('none')), 120_000)
  const report = () =>
    reportPreparing({ modelId: other, version: 1, manifestRoot, claim, done: 0.5, share: { part: 0, of: 2 } })
  await report()
  const { modelRegistry } = market.deployment.contracts
  await market.send(creator, commitKeyPoolCall(modelRegistry, 2n, `0x${'7'.repeat(64)}`))
  await market.indexed()
  await expect(report()).rejects.toMatchObject({ code: 'minting.lease-over' })
  await ctx.db.delete(preparationShares)
  await ctx.db.delete(preparing)
  const next = [await claimVersion(), await claimVersion(), await claimVersion()]
  expect(next.map((work) => work?.modelId)).toEqual([model, model, undefined])
  await ctx.db.delete(preparationShares)
})

test('behavior: a step is made by one minter, until it is silent, and the others load it', async () => {
  const { ctx } = market
  const claimed = async () => ({ kind: 'version', id: (await claimVersion())!.claim, attempt: 0 }) as const
  const [one, other] = [await claimed(), await claimed()]
  const name = 'a'.repeat(64)
  expect(await claimStep({ work: one, name })).toEqual({ yours: true, blob: null })
  expect(await claimStep({ work: other, name })).toEqual({ yours: false, blob: null })
  expect(await listSteps(other)).toEqual([{ name, blob: null }])
  await silent(0)
  expect(await listSteps(other)).toEqual([])
  await expect(claimStep({ work: one, name })).rejects.toMatchObject({ code: 'minting.lease-over' })
  expect(await claimStep({ work: other, name })).toEqual({ yours: true, blob: null })

  const third = await claimed()
  const made = await ctx.blobs.put([randomBytes(1_000)])
  await endStep({ work: third, name, blob: made })
  expect(await listSteps(third)).toEqual([{ name, blob: null }])
  await expect(linkTo({ method: 'GET', work: third, sha256: made.sha256 })).rejects.toMatchObject({ status: 403 })
  const uploaded = (await getModel(model))!.files[0]
  await expect(endStep({ work: other, name, blob: uploaded })).rejects.toMatchObject({ code: 'minting.blob-foreign' })
  const missing = { sha256: '0'.repeat(64), size: 1 }
  await expect(endStep({ work: other, name, blob: missing })).rejects.toMatchObject({ code: 'minting.blob-missing' })
  await endStep({ work: other, name, blob: made })
  expect(await listSteps(third)).toEqual([{ name, blob: made }])
  expect(await claimStep({ work: third, name })).toEqual({ yours: false, blob: made })
  expect(await linkTo({ method: 'GET', work: third, sha256: made.sha256 })).toMatchObject({ size: 1_000 })

  await removeStaleSteps(ctx)
  expect(await listSteps(third)).toHaveLength(1)
  await ctx.db.update(preparationSteps).set({ claimedAt: sql`now() - interval '8 days'` })
  await removeStaleSteps(ctx)
  expect([await listSteps(third), await ctx.blobs.size(made.sha256)]).toEqual([[], null])
  await ctx.db.delete(preparationShares)
})

test.skipIf(onPostgres)(
  'behavior: two minters, one of which is killed in the middle, make the keys of one machine',
  async () => {
    const { ctx } = market
    const first = startMinter()
    const hasMade = async () => (await steps()).some(({ blob }) => blob !== null)
    await expect.poll(hasMade, { interval: 20 }).toBe(true)
    first.kill('SIGSTOP') // it stays in the middle until the other one has its share, however fast the machine is
    startMinter()
    const othersClaim = async () => {
      await heard(0) // or a machine that takes a minute to start the other one gives it this share
      return (await rows())[1]?.heardAt
    }
    await expect.poll(othersClaim).toBeInstanceOf(Date)
    first.kill('SIGKILL')
    const before = await steps()
    expect((await rows())[0].done).toBeLessThan(1)
    await silent(0)
    await expect
      .poll(async () => (await getModel(model))?.keyPoolRoot, { timeout: 400_000 })
      .toMatch(/^0x[0-9a-f]{64}$/)
    expect(await rows()).toEqual([])
    expect(await steps()).toEqual([])
    for (const { blob } of before) if (blob) expect(await ctx.blobs.size(blob)).toBeNull()
    const made = await preparationOf(ctx, model, 1)
    const { manifestRoot } = (await getModel(model))!
    const { files, open } = await openForFingerprinting('public/models/tiny', defaultLayers)
    const tokenizer = await openTokenizer(files)
    const chat = await openChatFrame(files, tokenizer)
    const runtime = await open({ threads: 1 })
    const secret = versionSecret(ctx, { modelId: model, manifestRoot })
    const alone = await prepare(runtime, { secret, keys: 64, tokenizer, chat })
    await runtime.close()
    expect(promptsOf(made!.keys).map((ids) => [...ids])).toEqual(promptsOf(alone.keys).map((ids) => [...ids]))
    expect(made!.keys.pairs).toEqual(alone.keys.pairs)
    expect((await getModel(model))?.keyPoolRoot).toBe(keyPoolTree(alone).root)
  },
  600_000,
)

test.skipIf(onPostgres)(
  'behavior: what visitors load is a copy, which is traced to them',
  async () => {
    expect((await getModel(model))?.visitorsCopy).toBe(true)
    expect(await claimVersion()).toBeNull()
    const folder = await mkdtemp(join(tmpdir(), 'kinmark-visitors-'))
    const changed: string[] = []
    for (const { path, sha256 } of (await getModel(model))!.files) {
      const response = await sendModelFile(stranger.address, model, path, new Headers())
      const bytes = new Uint8Array(await response.arrayBuffer())
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) changed.push(path)
      await writeFile(join(folder, path), bytes)
    }
    expect(changed).toEqual(['model.safetensors'])
    const { open } = await openForFingerprinting(folder, defaultLayers)
    const suspect = await open({ threads: 1 })
    const answers = await askKeys(suspect, await modelOwnerKeySet(creator.address, model))
    await suspect.close()
    await rm(folder, { recursive: true })
    const { accused, copies } = await traceModel(creator.address, model, votesAndLogOdds(answers))
    expect([copies, accused.map(({ copyId }) => copyId)]).toEqual([1, [visitorsCopyId]])
  },
  120_000,
)
