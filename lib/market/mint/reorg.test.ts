import { createTestClient, type Hex, http, publicActions, toHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deliver, isFinal } from '../../../bin/minter/deliver'
import type { Minter } from '../../../bin/minter/minter'
import { minter as account, buyer, startTestMarket, type TestMarket } from '../../../test/market'
import type { ModelId } from '../../chain/ids'
import { toCopyId } from '../../chain/ids'
import { failureOf } from '../../minting/failure'
import type { MintOrder } from '../../minting/order'
import { getCopy } from '../read/get-copy'
import { completeOrder } from './complete-order'
import { failOrder } from './fail-order'
import { keepArtifact } from './keep-artifact'
import { leaseOrder } from './lease-order'
import { reportProgress } from './report-progress'

let market: TestMarket
let model: ModelId
let minter: Minter
const seed = toHex('seed', { size: 32 })
const id = toCopyId(1n)

beforeAll(async () => {
  market = await startTestMarket()
  model = await market.publishTiny()
  const key = toHex(account.getHdKey().privateKey ?? new Uint8Array())
  minter = { env: market.ctx.env, key, publicUrl: 'https://kinmark.example' } as Minter
})
afterAll(() => market?.stop())

const chain = () => createTestClient({ mode: 'anvil', transport: http(market.rpcUrl) }).extend(publicActions)
const stateOf = async () => (await getCopy(id, buyer.address))?.state ?? null
const sent = () => chain().getTransactionCount({ address: account.address })
const rootsOf = ({ minted }: MintOrder) => {
  if (!minted) throw new Error('The copy was not minted before.')
  return minted
}

test('error: a reorg drops an order in the middle of its mint, and later its delivery: it is minted once and delivered', async () => {
  const before = await chain().snapshot()
  await market.order(model, seed)
  const order = await market.leaseSoon()
  await reportProgress(order.lease, { stage: 'mint', done: 0.5 })
  await chain().revert({ id: before as Hex })
  await expect.poll(stateOf).toBeNull()

  // The minter has not heard of it, and ends its work.
  const artifact = await market.unchangedCopy(order)
  await keepArtifact(order.lease, artifact)
  const error = await deliver(minter, order, artifact).catch((error) => error)
  expect(error).toMatchObject({ code: 'minting.not-deliverable', facts: { copy: id, state: 'none' } })
  expect(isFinal(error, 0)).toBe(false)
  await failOrder(order.lease, { failure: failureOf(error), final: isFinal(error, 0) })
  await expect.poll(async () => [await leaseOrder(), (await market.ctx.queue.counts()).deferred]).toEqual([null, 0])

  // The transaction is in another block: the same order.
  await market.order(model, seed, false)
  const again = await market.leaseSoon()
  expect(again.job).toEqual(order.job)
  const { artifactRoot, fingerprintRoot, responsesRoot, ciphertextHash } = artifact
  expect(again.minted).toEqual({ artifactRoot, fingerprintRoot, responsesRoot, ciphertextHash })

  const undelivered = await chain().snapshot()
  await deliver(minter, again, rootsOf(again))
  await completeOrder(again.lease)
  await expect.poll(stateOf).toBe('delivered')
  await chain().revert({ id: undelivered as Hex })
  await expect.poll(stateOf).toBe('ordered')

  const third = await market.leaseSoon()
  expect([third.job, third.minted]).toEqual([again.job, again.minted])
  await deliver(minter, third, rootsOf(third))
  const transactions = await sent()
  await deliver(minter, third, rootsOf(third))
  expect(await sent()).toBe(transactions)
  await completeOrder(third.lease)
  await expect.poll(stateOf).toBe('delivered')
  expect(await leaseOrder()).toBeNull()
})
