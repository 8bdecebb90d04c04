import { eq } from 'drizzle-orm'
import { type Address, createTestClient, http, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buyer, creator, minter, startTestMarket, stranger, type TestMarket } from '../../../test/market'
import { deliveryOf } from '../../../test/quote'
import { copyCall, deliverCall } from '../../chain/copy'
import { type ModelId, toCopyId, toModelId } from '../../chain/ids'
import { versions } from '../../db/schema'
import { completeOrder } from '../mint/complete-order'
import { keepArtifact } from '../mint/keep-artifact'
import { storeVisitorsCopy } from '../mint/store-preparation'
import { earningsOf } from './earnings-of'
import { getCopy } from './get-copy'
import { getModel } from './get-model'
import { sendCopyFile } from './send-copy-file'
import { sendModelFile } from './send-model-file'

const copy = toCopyId(1n)
let market: TestMarket
let model: ModelId
beforeAll(async () => {
  market = await startTestMarket()
  model = await market.publishTiny()
  await market.order(model, toHex('seed', { size: 32 }))
})
afterAll(() => market?.stop())

test('error: a copy that is not delivered has no files', async () => {
  await expect.poll(() => getCopy(copy, buyer.address)).not.toBeNull()
  await expect(sendCopyFile(buyer.address, copy, 'config.json', new Headers())).rejects.toMatchObject({
    status: 409,
    code: 'market.copy-not-delivered',
    facts: { copy: '1' },
  })
})

test('default: the buyer downloads ranges of a delivered copy', async () => {
  const order = await market.leaseSoon()
  const artifact = await market.unchangedCopy(order)
  await keepArtifact(order.lease, artifact)
  const { copyRegistry } = market.deployment.contracts
  const { artifactRoot, responsesRoot, ciphertextHash } = artifact
  await market.send(
    minter,
    deliverCall(copyRegistry, 1n, { ...deliveryOf(ciphertextHash), artifactRoot, responsesRoot }),
  )
  await completeOrder(order.lease)
  await expect.poll(async () => (await getCopy(copy, null))?.state).toBe('delivered')

  const ranged = await sendCopyFile(buyer.address, copy, 'config.json', new Headers({ range: 'bytes=0-0' }))
  expect([ranged.status, ranged.headers.get('content-range')?.split('/')[0], await ranged.text()]).toEqual([
    206,
    'bytes 0-0',
    '{',
  ])
  await expect(sendCopyFile(stranger.address, copy, 'config.json', new Headers())).rejects.toMatchObject({
    status: 404,
    code: 'market.copy-not-yours',
    facts: { copy: '1' },
  })
  await expect(sendCopyFile(buyer.address, copy, 'absent', new Headers())).rejects.toMatchObject({
    status: 404,
    code: 'market.file-unknown',
    facts: { kind: 'copy', id: '1', path: 'absent' },
  })
})

test('behavior: visitors read a fingerprinted copy where the creator allows it, the owner the base', async () => {
  const base = (viewer: Address | null, headers = {}) =>
    sendModelFile(viewer, model, 'config.json', new Headers(headers))
  await expect(base(null)).rejects.toMatchObject({
    status: 409,
    code: 'market.visitors-copy-missing',
    facts: { model: 'tiny' },
  })
  expect((await sendModelFile(null, model, 'README.md', new Headers())).status).toBe(200)
  const original = await base(creator.address, { range: 'bytes=0-0' })
  expect([original.status, await original.text()]).toEqual([206, '{'])
  const { manifestRoot, files, visitorsCopy } = (await getModel(model))!
  expect(visitorsCopy).toBe(false)
  const replaced = await market.ctx.blobs.put([new TextEncoder().encode('[')])
  const marked = files.map((file) => {
    const rest = { blob: file.sha256, offset: 1, length: file.size - 1 }
    const segments = [{ blob: replaced.sha256, offset: 0, length: 1 }, rest]
    return { ...file, sha256: replaced.sha256, segments }
  })
  const version = { modelId: model, manifestRoot }
  const short = marked.map((file) => ({ ...file, segments: file.segments.slice(1) }))
  await expect(storeVisitorsCopy(market.ctx, version, short)).rejects.toMatchObject({ code: 'minting.segments-size' })
  await storeVisitorsCopy(market.ctx, version, marked)
  await storeVisitorsCopy(market.ctx, version, marked.slice(0, 1)) // the first one stays
  expect((await getModel(model))?.visitorsCopy).toBe(true)
  for (const viewer of [null, stranger.address]) {
    const ranged = await base(viewer, { range: 'bytes=0-1' })
    expect([ranged.status, (await ranged.text())[0]]).toEqual([206, '['])
    expect(ranged.headers.get('etag')).not.toBe(original.headers.get('etag'))
    expect((await base(viewer, { 'if-none-match': ranged.headers.get('etag') })).status).toBe(304)
  }
  expect((await (await base(creator.address)).text())[0]).toBe('{')
  await expect(sendModelFile(null, model, 'absent', new Headers())).rejects.toMatchObject({
    code: 'market.file-unknown',
    facts: { kind: 'model', id: '1', path: 'absent' },
  })
  await expect(sendModelFile(null, toModelId(9n), 'config.json', new Headers())).rejects.toMatchObject({
    status: 404,
    code: 'market.model-unknown',
  })
  await removePlaygroundOption()
  expect((await getModel(model))?.playground).toBe(false)
  await expect(base(stranger.address)).rejects.toMatchObject({
    status: 403,
    code: 'market.weights-private',
    facts: { model: 'tiny' },
  })
  expect((await base(creator.address)).status).toBe(200)
})

test('behavior: an accepted copy is earned by the shareholders and the minter', async () => {
  await market.send(buyer, copyCall(market.deployment.contracts.copyRegistry, 'accept', 1n))
  await expect.poll(async () => (await earningsOf(creator.address)).lines).toHaveLength(1)
  const earned = await earningsOf(creator.address)
  const [{ accruesUntil, ...model }] = earned.models
  expect(model).toMatchObject({ id: '1', claimable: 0n, accruing: 22_500_000n })
  expect(accruesUntil! % 86_400).toBe(0)
  expect(earned.lines[0]).toMatchObject({ source: { kind: 'copy', copyId: '1' }, amount: 22_500_000n })
  expect((await earningsOf(minter.address)).credit).toBe(1_250_000n)
})

test('behavior: earnings become claimable evenly over the epoch after the payment, also without a block', async () => {
  const clock = createTestClient({ mode: 'anvil', transport: http(market.rpcUrl) })
  const [{ accruesUntil }] = (await earningsOf(creator.address)).models
  await clock.setNextBlockTimestamp({ timestamp: BigInt(accruesUntil! - 43_200) })
  await clock.mine({ blocks: 1 })
  const [half] = (await earningsOf(creator.address)).models
  expect(half.accruesUntil).toBe(accruesUntil)
  // Read one after the other, so that a second may pass between them.
  expect(Number(half.claimable + half.accruing) / 22_500_000).toBeCloseTo(1, 3)
  expect(Number(half.claimable) / 22_500_000).toBeCloseTo(0.5, 2)
  await clock.increaseTime({ seconds: 43_200 })
  expect((await earningsOf(creator.address)).models).toMatchObject([
    { claimable: 22_500_000n, accruing: 0n, accruesUntil: null },
  ])
})

/** Metadata of a model that was published before the playground option existed. */
async function removePlaygroundOption() {
  const { db } = market.ctx
  const [{ metadata }] = await db.select().from(versions).where(eq(versions.modelId, model))
  const { playground: _, ...older } = metadata!
  await db.update(versions).set({ metadata: older }).where(eq(versions.modelId, model))
}
