import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Address,
  createWalletClient,
  type Hex,
  keccak256,
  type LocalAccount,
  maxUint256,
  publicActions,
  toHex,
} from 'viem'
import { localAccount } from '../lib/chain/accounts'
import type { Deployment } from '../lib/chain/deployment'
import { testUsdAbi } from '../lib/chain/generated'
import { httpWithGasMargin } from '../lib/chain/http-with-gas-margin'
import { type ModelId, toModelId } from '../lib/chain/ids'
import { orderCall } from '../lib/chain/order'
import { registerCall } from '../lib/chain/register'
import { signReport } from '../lib/chain/report-signature'
import { deploy } from '../lib/deploy/deploy'
import { joinMinter } from '../lib/deploy/join-minter'
import { fingerprintRootOf } from '../lib/fingerprint/keyset/commitment'
import { type FileEntry, manifestTree } from '../lib/manifest/manifest'
import { type Market, market } from '../lib/market/context/context'
import { leaseOrder } from '../lib/market/mint/lease-order'
import { storeSeed } from '../lib/market/mint/seeds'
import { storePreparation } from '../lib/market/mint/store-preparation'
import { recordBlobOwner } from '../lib/market/publish/blob-ownership'
import { createDraft } from '../lib/market/publish/drafts'
import { finalizeDraft } from '../lib/market/publish/finalize-draft'
import { getModel } from '../lib/market/read/get-model'
import { health } from '../lib/market/read/health'
import { runIndexer } from '../lib/market/run-indexer'
import type { Artifact } from '../lib/minting/artifact'
import type { MintOrder } from '../lib/minting/order'
import { type Anvil, startAnvil } from './anvil'
import { copyMigrated, testDatabaseUrl } from './database'
import { originBondCalls } from './origin'
import { commitKeyPoolCall, signQuote } from './quote'

export const [creator, minter, buyer, stranger] = [
  localAccount('demoCreator'),
  localAccount('minter'),
  localAccount(5),
  localAccount(6),
]
const keyPoolRoot = keccak256('0x00')
const folder = 'public/models/tiny'
const licence = { derive: true, freeToDerive: true, commercial: true }
export const terms = {
  price: 25_000_000n,
  collateral: 50_000_000n,
  fee: 1000n,
  royaltyBps: 1000,
  floorBps: 5000,
  leakBps: 5000,
  licence,
}

export type TestMarket = {
  ctx: Market
  deployment: Deployment
  rpcUrl: string
  send(account: LocalAccount, call: object): Promise<void>
  /** Stores a folder's files for `owner`, as finished uploads do. `change` may replace bytes. */
  storeFiles(owner: Address, change?: (path: string, bytes: Buffer) => Buffer): Promise<FileEntry[]>
  register(account: LocalAccount, manifestRoot: Hex, metadataURI: string): Promise<void>
  /** Publishes the tiny model of the creator and waits until it is listed. */
  publishTiny(): Promise<ModelId>
  /** The buyer orders a copy of version 1; without `withSeed`, the seed is not stored. */
  order(model: ModelId, seed: Hex, withSeed?: boolean): Promise<void>
  /** Waits until an order can be leased. */
  leaseSoon(): Promise<MintOrder>
  /** An artifact whose files are the base's, with a report that the minter has signed. */
  unchangedCopy(order: MintOrder): Promise<Artifact>
  /** Waits until every block of the chain is indexed. */
  indexed(): Promise<void>
  stop(): Promise<void>
}

/** A market on a chain of its own, with its indexer running: anvil, the contracts, a minter with a bond, and PGlite. */
export async function startTestMarket(): Promise<TestMarket> {
  const anvil = await startAnvil()
  try {
    return await openOn(anvil)
  } catch (error) {
    await anvil.stop()
    throw error
  }
}

async function openOn(anvil: Anvil): Promise<TestMarket> {
  const deployment = await deploy({
    rpcUrl: anvil.rpcUrl,
    deployer: localAccount('deployer'),
    minter: minter.address,
  })
  await joinMinter(anvil.rpcUrl, minter, deployment, { faucet: true })
  const data = mkdtempSync(join(tmpdir(), 'kinmark-market-'))
  writeFileSync(join(data, 'deployment.json'), JSON.stringify(deployment))
  const url = await testDatabaseUrl()
  if (!url) await copyMigrated(join(data, 'db'))
  Object.assign(process.env, { KINMARK_DATA: data, KINMARK_RPC_URL: anvil.rpcUrl, DATABASE_URL: url ?? '' })
  const ctx = await market()
  runIndexer(ctx)
  const { modelRegistry, copyRegistry, usd } = deployment.contracts

  const send: TestMarket['send'] = async (account, call) => {
    const wallet = createWalletClient({
      account,
      transport: httpWithGasMargin(anvil.rpcUrl),
      pollingInterval: 20,
    }).extend(publicActions)
    const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
    const { status } = await wallet.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`Transaction ${hash} was reverted.`)
  }
  const storeFiles: TestMarket['storeFiles'] = async (owner, change = (_, bytes) => bytes) => {
    const files: FileEntry[] = []
    for (const path of readdirSync(folder)) {
      const blob = await ctx.blobs.put([change(path, readFileSync(join(folder, path)))])
      await recordBlobOwner(ctx, owner, blob.sha256)
      files.push({ path, ...blob })
    }
    return files
  }
  const register: TestMarket['register'] = async (account, manifestRoot, metadataURI) => {
    for (const call of originBondCalls(deployment.contracts, account.address)) await send(account, call)
    await send(
      account,
      registerCall(modelRegistry, { manifestRoot, metadataURI, terms, parents: [], minters: [minter.address] }),
    )
  }
  /** Stands for the minter, which makes the key pool: what it holds here is not a preparation. */
  const commitPool = async (modelId: ModelId, manifestRoot: Hex) => {
    const { sha256 } = await ctx.blobs.put([new TextEncoder().encode(`pool of ${modelId}`)])
    await storePreparation(ctx, { modelId, manifestRoot }, sha256)
    await send(minter, commitKeyPoolCall(modelRegistry, BigInt(modelId), keyPoolRoot))
    await soon(async () => (await getModel(modelId))?.keyPoolRoot ?? null)
  }
  const indexed = async () => {
    const head = Number(await ctx.client.getBlockNumber({ cacheTime: 0 }))
    await soon(async () => ((await health()).chain.indexed ?? 0) >= head || null)
  }

  return {
    ctx,
    deployment,
    rpcUrl: anvil.rpcUrl,
    send,
    storeFiles,
    register,
    indexed,
    async publishTiny() {
      const draft = await createDraft(creator.address, await storeFiles(creator.address))
      const { manifestRoot, metadataURI } = await finalizeDraft(creator.address, draft.id, { playground: true })
      await register(creator, manifestRoot, metadataURI!)
      const id = toModelId(1n)
      const { manifestRoot: root } = (await soon(() => getModel(id)))!
      await commitPool(id, root)
      return id
    },
    async order(model, seed, withSeed = true) {
      const { termsHash } = (await getModel(model))!
      await send(buyer, {
        address: usd,
        abi: testUsdAbi,
        functionName: 'faucet',
        args: [buyer.address, 1_000_000_000n],
      })
      await send(buyer, { address: usd, abi: testUsdAbi, functionName: 'approve', args: [copyRegistry, maxUint256] })
      if (withSeed) await storeSeed(buyer.address, seed)
      const wanted = { modelId: BigInt(model), termsHash, buyer: buyer.address, buyerSeedHash: keccak256(seed) }
      await send(buyer, orderCall(copyRegistry, await signQuote(deployment, minter, wanted)))
    },
    leaseSoon: () => soon(leaseOrder),
    async unchangedCopy({ job: { copyId }, files: base }) {
      const files = base.map((file) => ({
        ...file,
        segments: [{ blob: file.sha256, offset: 0, length: file.size }],
      }))
      const artifactRoot = toHex(manifestTree(files).root)
      const [responsesRoot, ciphertextHash] = [keccak256('0x01'), keccak256('0x02')]
      const fingerprintRoot = fingerprintRootOf(keyPoolRoot, responsesRoot)
      const { chainId } = deployment
      const subject = { chainId, copyRegistry, copyId, artifactRoot, fingerprintRoot }
      const signature = await signReport(minter, subject, measured)
      const roots = { artifactRoot, fingerprintRoot, responsesRoot, ciphertextHash }
      return { ...roots, files, report: { ...measured, signer: minter.address, signature } }
    },
    stop: () => anvil.stop(),
  }
}

const measured = {
  method: 'near ties' as const,
  keys: 1,
  agreement: 1,
  questions: null,
  baseLoss: 1,
  rounded: { int8: 1, int4: 1 },
  deltaLoss: 0,
  kl: 0,
  editedTensors: [],
  prepareSeconds: 0,
  mintSeconds: 0,
}

/** The first answer of `ask` that is not null, within 20 seconds. */
async function soon<T>(ask: () => Promise<T | null>): Promise<T> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    const answer = await ask()
    if (answer !== null) return answer
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error('No answer came within 20 seconds.')
}
