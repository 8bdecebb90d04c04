import { asc } from 'drizzle-orm'
import {
  createPublicClient,
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  keccak256,
  maxUint256,
  publicActions,
  toHex,
} from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { openTestDatabase } from '../../test/database'
import { originBondCalls } from '../../test/origin'
import { commitKeyPoolCall, deliveryOf, signQuote } from '../../test/quote'
import { localAccount } from '../chain/accounts'
import { copyCall, deliverCall } from '../chain/copy'
import type { Deployment } from '../chain/deployment'
import { modelSharesAbi, testUsdAbi } from '../chain/generated'
import { orderCall } from '../chain/order'
import { registerCall } from '../chain/register'
import { termsHash } from '../chain/terms-hash'
import type { Database } from '../db/open'
import { ancestors, copies, edges, holders, ledger, models, versions } from '../db/schema'
import { deploy } from '../deploy/deploy'
import { joinMinter } from '../deploy/join-minter'
import { type Chain, openIndexer } from './sync'

const [creator, minter, buyer] = [localAccount('demoCreator'), localAccount('minter'), localAccount(5)]
const root = (text: string) => keccak256(toHex(text))
const terms = {
  price: 100_000_000n,
  collateral: 50_000_000n,
  fee: 1000n,
  royaltyBps: 1000,
  floorBps: 10_000,
  leakBps: 5000,
  licence: { derive: true, freeToDerive: true, commercial: true },
}

let anvil: Anvil
let deployment: Deployment
let database: Database
let chain: Chain

beforeAll(async () => {
  anvil = await startAnvil()
  deployment = await deployOn(anvil.rpcUrl)
  database = await openTestDatabase()
  chain = chainOf(anvil.rpcUrl, deployment)
})
afterAll(async () => {
  await database?.close()
  await anvil?.stop()
})

async function deployOn(rpcUrl: string): Promise<Deployment> {
  const deployed = await deploy({
    rpcUrl,
    deployer: localAccount('deployer'),
    minter: minter.address,
  })
  await joinMinter(rpcUrl, minter, deployed, { faucet: true })
  for (const call of originBondCalls(deployed.contracts, creator.address, 10n)) await send(creator, call)
  return deployed
}

function chainOf(rpcUrl: string, { chainId, block, contracts }: Deployment): Chain {
  const client = createPublicClient({ transport: http(rpcUrl) })
  const { usd: _, ...ours } = contracts
  return { client, chainId, firstBlock: block, contracts: ours }
}

async function send(account: typeof creator, call: object) {
  const wallet = createWalletClient({ account, transport: http(anvil.rpcUrl), pollingInterval: 20 }).extend(
    publicActions,
  )
  // An estimate is exact for the second before, and earnings may stream differently in the next one.
  const asked = { ...call, gas: 3_000_000n, chain: null } as Parameters<typeof wallet.writeContract>[0]
  const hash = await wallet.writeContract(asked)
  const { status } = await wallet.waitForTransactionReceipt({ hash })
  expect(status).toBe('success')
}

const register = async (name: string, parents: bigint[] = []) => {
  await send(
    creator,
    registerCall(deployment.contracts.modelRegistry, {
      manifestRoot: root(name),
      metadataURI: `test:${name}`,
      terms,
      minters: [minter.address],
      parents: parents.map((id) => ({ id, relation: 'finetune' as const, termsHash: termsHash(terms) })),
    }),
  )
}

async function sell(model: bigint, copy: bigint) {
  const { usd, copyRegistry } = deployment.contracts
  await send(buyer, { address: usd, abi: testUsdAbi, functionName: 'faucet', args: [buyer.address, 1_000_000_000n] })
  await send(buyer, { address: usd, abi: testUsdAbi, functionName: 'approve', args: [copyRegistry, maxUint256] })
  const wanted = { modelId: model, termsHash: termsHash(terms), buyer: buyer.address, buyerSeedHash: root('seed') }
  await send(minter, commitKeyPoolCall(deployment.contracts.modelRegistry, model, root('key pool')))
  await send(buyer, orderCall(copyRegistry, await signQuote(deployment, minter, wanted)))
  await send(minter, deliverCall(copyRegistry, copy, deliveryOf(root('artifact'))))
  await send(buyer, copyCall(copyRegistry, 'accept', copy))
}

async function catchUp() {
  let rewound = false
  const indexer = openIndexer(chain, database.db)
  for (;;) {
    const synced = await indexer.step()
    rewound ||= synced.rewound
    if (synced.indexed === synced.head) return { rewound }
  }
}

async function tables() {
  const { db } = database
  return {
    models: await db.select().from(models).orderBy(asc(models.id)),
    versions: await db.select().from(versions).orderBy(asc(versions.modelId)),
    edges: await db.select().from(edges).orderBy(asc(edges.child), asc(edges.parent)),
    ancestors: await db.select().from(ancestors).orderBy(asc(ancestors.modelId), asc(ancestors.position)),
    copies: await db.select().from(copies),
    holders: await db.select().from(holders).orderBy(asc(holders.token)),
    ledger: await db.select().from(ledger).orderBy(asc(ledger.block), asc(ledger.logIndex), asc(ledger.modelId)),
  }
}

test('default: three generations, a sale, royalties and transferred shares', async () => {
  await register('base')
  await register('child', [1n])
  await register('grandchild', [2n])
  await sell(3n, 1n)
  await catchUp()
  const before = await tables()
  expect(
    before.models.map(({ id, majority, version, earned, income, copiesSold }) => [
      id,
      majority,
      version,
      earned,
      income,
      copiesSold,
    ]),
  ).toEqual([
    ['1', creator.address, 1, 9_000_000n, 0n, 0],
    ['2', creator.address, 1, 9_000_000n, 0n, 0],
    ['3', creator.address, 1, 100_000_000n, 90_000_000n, 1],
  ])
  expect(before.edges).toMatchObject([
    { child: '2', parent: '1', relation: 'finetune' },
    { child: '3', parent: '2', relation: 'finetune' },
  ])
  expect(before.ancestors).toMatchObject([
    { modelId: '2', ancestor: '1', royaltyBps: 1000 },
    { modelId: '3', ancestor: '1', royaltyBps: 1000 },
    { modelId: '3', ancestor: '2', royaltyBps: 1000 },
  ])
  expect(before.models[2]).toMatchObject({ floorPrice: terms.price, floorFee: terms.fee, allowedLicence: 7 })
  expect(before.versions).toMatchObject(Array(3).fill({ publisher: creator.address }))
  expect(before.copies).toMatchObject([
    { id: '1', state: 'active', buyer: buyer.address, artifactRoot: root('artifact') },
  ])
  expect(before.ledger).toMatchObject([
    { modelId: '1', kind: 'royalty', descendant: '3', amount: 9_000_000n },
    { modelId: '2', kind: 'royalty', descendant: '3', amount: 9_000_000n },
    { modelId: '3', kind: 'copy', copyId: '1', amount: 72_000_000n },
  ])
  const moved = 250_000n * 10n ** 18n
  const { shares } = before.models[1]
  await send(creator, { address: shares, abi: modelSharesAbi, functionName: 'transfer', args: [buyer.address, moved] })
  await catchUp()
  const held = (await tables()).holders.filter(({ token }) => token === shares)
  expect(held.find(({ account }) => account === buyer.address)?.shares).toBe(moved)
  expect(held.find(({ account }) => account === creator.address)?.shares).toBe(750_000n * 10n ** 18n)
})

test('behavior: indexing in one go gives the same tables as indexing step by step', async () => {
  const stepwise = await tables()
  const other = await openTestDatabase()
  const first = database
  database = other
  await catchUp()
  expect(await tables()).toEqual(stepwise)
  database = first
  await other.close()
})

test('behavior: a reorg removes the effects of the blocks it drops', async () => {
  await catchUp()
  const before = await tables()
  await register('reorged away')
  await catchUp()
  expect((await tables()).models).toHaveLength(4)
  const client = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
  await client.request({ method: 'anvil_reorg' as never, params: [1, []] as never })
  expect(await catchUp()).toEqual({ rewound: true })
  expect(await tables()).toEqual(before)
})

test('behavior: after a roll-back behind the index, the tables follow the chain again', async () => {
  const client = createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })
  await catchUp()
  const before = await tables()
  const snapshot = await client.snapshot()
  await register('rolled back')
  await sell(4n, 2n)
  await catchUp()
  expect((await tables()).copies).toHaveLength(2)
  await client.revert({ id: snapshot as Hex })
  expect(await catchUp()).toEqual({ rewound: true })
  expect(await tables()).toEqual(before)
  await register('another')
  await catchUp()
  expect((await tables()).versions.at(-1)?.uri).toBe('test:another')
})

test('behavior: a chain that starts again from zero empties the tables', async () => {
  await anvil.stop()
  anvil = await startAnvil()
  deployment = await deployOn(anvil.rpcUrl)
  chain = chainOf(anvil.rpcUrl, deployment)
  expect(await catchUp()).toEqual({ rewound: true })
  expect((await tables()).models).toEqual([])
  await register('first of the new chain')
  await catchUp()
  expect((await tables()).versions.map(({ uri }) => uri)).toEqual(['test:first of the new chain'])
})
