import { toHex, zeroHash } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buyer, minter, startTestMarket, type TestMarket } from '../../../test/market'
import { deliveryOf } from '../../../test/quote'
import { deliverCall } from '../../chain/copy'
import { type ModelId, toCopyId } from '../../chain/ids'
import { errorOfFailure } from '../../minting/failure'
import { getCopy } from '../read/get-copy'
import { listCopies } from '../read/list-copies'
import { completeOrder } from './complete-order'
import { failOrder } from './fail-order'
import { keepArtifact } from './keep-artifact'
import { leaseOrder } from './lease-order'
import { reportProgress } from './report-progress'
import { requireMinter } from './require-minter'

let market: TestMarket
let model: ModelId
beforeAll(async () => {
  market = await startTestMarket()
  model = await market.publishTiny()
})
afterAll(() => market?.stop())

test('default: lease, progress, artifact, delivery', async () => {
  const seed = toHex('seed', { size: 32 })
  await market.order(model, seed)
  const order = await market.leaseSoon()
  const { lease } = order
  const id = toCopyId(1n)
  expect(order).toMatchObject({
    job: { copyId: id, modelId: model, version: 1 },
    buyerSeed: seed,
    minted: null,
    preparation: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
  expect(await leaseOrder()).toBeNull()
  await reportProgress(lease, { stage: 'mint', done: 0.5 })
  expect((await getCopy(id, buyer.address))?.progress).toMatchObject({ stage: 'mint', done: 0.5 })

  const artifact = await market.unchangedCopy(order)
  const improved = { ...artifact.report, agreement: 0.5 }
  await expect(keepArtifact(lease, { ...artifact, report: improved })).rejects.toMatchObject({
    status: 400,
    code: 'minting.report-signer',
    facts: { signer: minter.address, recovered: expect.stringMatching(/^0x/) },
  })
  await expect(keepArtifact(lease, { ...artifact, artifactRoot: zeroHash })).rejects.toMatchObject({
    code: 'minting.artifact-root',
    facts: { announced: zeroHash, found: artifact.artifactRoot },
  })
  const short = artifact.files.map((file) => ({ ...file, segments: [] }))
  await expect(keepArtifact(lease, { ...artifact, files: short })).rejects.toMatchObject({
    code: 'minting.segments-size',
    facts: { segments: 0 },
  })
  const beyond = artifact.files.map((file) => ({
    ...file,
    segments: [{ blob: file.sha256, offset: 1, length: file.size }],
  }))
  await expect(keepArtifact(lease, { ...artifact, files: beyond })).rejects.toMatchObject({
    code: 'minting.blob-too-short',
  })
  await keepArtifact(lease, artifact)
  const { artifactRoot, responsesRoot, ciphertextHash, report } = artifact
  const { copyRegistry } = market.deployment.contracts
  await market.send(
    minter,
    deliverCall(copyRegistry, 1n, { ...deliveryOf(ciphertextHash), artifactRoot, responsesRoot }),
  )
  await completeOrder(lease)
  await expect(completeOrder(lease)).rejects.toMatchObject({ status: 409, code: 'minting.lease-over' })
  await expect.poll(async () => (await getCopy(id, null))?.state).toBe('delivered')
  expect((await getCopy(id, null))?.files).toEqual([])
  expect((await listCopies(buyer.address))[0]).toMatchObject({ id, report, files: order.files })
})

test('error: an order whose seed was never stored fails finally', async () => {
  await market.order(model, toHex('unknown', { size: 32 }), false)
  const failure = async () => {
    await leaseOrder()
    return (await getCopy(toCopyId(2n), buyer.address))?.progress.failure
  }
  const expected = { code: 'minting.seed-missing', facts: { copy: '2' }, final: true }
  await expect.poll(failure).toEqual(expected)
  expect(errorOfFailure(expected).message).toContain('was never stored on this server')
})

test('behavior: a failed try is shown and tried again, until a failure is final', async () => {
  await market.order(model, toHex('third', { size: 32 }))
  const id = toCopyId(3n)
  const first = await market.leaseSoon()
  const failure = { code: 'minting.unexpected', facts: { reason: 'The disk is full.' } }
  await failOrder(first.lease, { failure, final: false })
  expect((await getCopy(id, null))?.progress.failure).toEqual({ ...failure, final: false })
  const again = await market.leaseSoon()
  expect(again.job.copyId).toBe('3')
  expect(again.lease).toEqual({ id: first.lease.id, attempt: 1 })
  await failOrder(again.lease, { failure, final: true })
  expect((await getCopy(id, null))?.progress.failure?.final).toBe(true)
  await expect(reportProgress(again.lease, { stage: 'mint', done: 0 })).rejects.toMatchObject({
    code: 'minting.lease-over',
  })
})

test('error: a request without the minters’ bearer token', async () => {
  const given = (authorization: string) => requireMinter(new Headers({ authorization }))
  await given(`Bearer ${market.ctx.minterToken}`)
  for (const wrong of ['', 'Bearer ', `Bearer ${'0'.repeat(64)}`])
    await expect(given(wrong)).rejects.toMatchObject({ status: 401, code: 'minting.token-wrong' })
})
