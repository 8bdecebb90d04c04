import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import {
  type Address,
  createWalletClient,
  type Hex,
  http,
  keccak256,
  maxUint256,
  publicActions,
  toHex,
  zeroHash,
} from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { localAccount } from '../chain/accounts'
import { copyCall, deliverCall } from '../chain/copy'
import { testUsdAbi } from '../chain/generated'
import { orderCall } from '../chain/order'
import { registerCall } from '../chain/register'
import { signReport } from '../chain/report-signature'
import { versions } from '../db/schema'
import { deploy } from '../deploy/deploy'
import type { Deployment } from '../deploy/deployment'
import { joinMinter } from '../deploy/join-minter'
import { manifestTree } from '../manifest/manifest'
import { type Market, market } from './context/context'
import { health } from './context/health'
import { completeOrder, failOrder, keepArtifact, leaseOrder, reportProgress } from './mint/minting'
import { storeSeed } from './mint/seeds'
import { recordBlobOwner } from './publish/blob-ownership'
import { createDraft, listDrafts } from './publish/drafts'
import { finalizeDraft } from './publish/finalize-draft'
import { earningsOf } from './read/earnings-of'
import { getCopy } from './read/get-copy'
import { getModel } from './read/get-model'
import { listCopies } from './read/list-copies'
import { listModels } from './read/list-models'
import { sendCopyFile } from './read/send-copy-file'
import { sendModelFile } from './read/send-model-file'
import type { FileView } from './read/views'

const [creator, minter, buyer, thief] = [
  localAccount('demoCreator'),
  localAccount('minter'),
  localAccount(5),
  localAccount(6),
]
const data = mkdtempSync(join(tmpdir(), 'kinmark-market-'))
const folder = 'public/models/tiny'
const licence = { derive: true, freeToDerive: true, commercial: true }
const terms = { price: 25_000_000n, collateral: 50_000_000n, fee: 1000n, royaltyBps: 1000, licence }

let anvil: Anvil
let deployment: Deployment
let open: Market

beforeAll(async () => {
  anvil = await startAnvil()
  deployment = await deploy({
    rpcUrl: anvil.rpcUrl,
    deployer: localAccount('deployer'),
    minter: minter.address,
  })
  await joinMinter(anvil.rpcUrl, minter, deployment, { faucet: true })
  mkdirSync(data, { recursive: true })
  writeFileSync(join(data, 'deployment.json'), JSON.stringify(deployment))
  Object.assign(process.env, { KINMARK_DATA: data, KINMARK_RPC_URL: anvil.rpcUrl })
  open = await market()
})
afterAll(() => anvil?.stop())

async function send(account: typeof creator, call: object) {
  const wallet = createWalletClient({ account, transport: http(anvil.rpcUrl), pollingInterval: 20 }).extend(
    publicActions,
  )
  const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
  expect((await wallet.waitForTransactionReceipt({ hash })).status).toBe('success')
}

/** Brings a folder's files in, as an upload does once it is complete. */
async function bring(owner: Address, change: (path: string, bytes: Buffer) => Buffer = (_, bytes) => bytes) {
  const files: FileView[] = []
  for (const path of readdirSync(folder)) {
    const blob = await open.blobs.put([change(path, readFileSync(join(folder, path)))])
    await recordBlobOwner(open, owner, blob.sha256)
    files.push({ path, ...blob })
  }
  return files
}

const register = (account: typeof creator, manifestRoot: Hex, metadataURI: string) =>
  send(account, registerCall(deployment.contracts.modelRegistry, { manifestRoot, metadataURI, terms, parents: [] }))

async function order(model: string, seed: Hex, withSeed = true) {
  const { usd, copyRegistry } = deployment.contracts
  const { termsHash } = (await getModel(model))!
  await send(buyer, { address: usd, abi: testUsdAbi, functionName: 'faucet', args: [buyer.address, 1_000_000_000n] })
  await send(buyer, { address: usd, abi: testUsdAbi, functionName: 'approve', args: [copyRegistry, maxUint256] })
  if (withSeed) await storeSeed(buyer.address, seed)
  const pinned = { modelId: model, version: 1, maxPrice: terms.price, termsHash, buyerSeedHash: keccak256(seed) }
  await send(buyer, orderCall(copyRegistry, { ...pinned, minter: minter.address }))
}

/** As if the first model had been sealed before visitors could try anything. */
async function keepBaseClosed() {
  const [{ metadata }] = await open.db.select().from(versions).where(eq(versions.modelId, '1'))
  const { playground: _, ...silent } = metadata!
  await open.db.update(versions).set({ metadata: silent }).where(eq(versions.modelId, '1'))
}

const leaseSoon = async () => {
  let found: Awaited<ReturnType<typeof leaseOrder>> = null
  await expect.poll(async () => (found = await leaseOrder()), { timeout: 20_000, interval: 200 }).not.toBeNull()
  return found!
}

test('default: publish, order, mint, deliver, accept, earn', async () => {
  const draft = await createDraft(creator.address, await bring(creator.address))
  expect(draft.files.every(({ uploaded }) => uploaded)).toBe(true)
  expect((await createDraft(creator.address, draft.files)).id).toBe(draft.id)
  const shut = await finalizeDraft(creator.address, draft.id, { playground: false })
  const { metadataURI, manifestRoot } = await finalizeDraft(creator.address, draft.id, { playground: true })
  expect(metadataURI).not.toBe(shut.metadataURI)
  expect((await finalizeDraft(creator.address, draft.id, { playground: false })).metadataURI).toBe(shut.metadataURI)
  await register(creator, manifestRoot, metadataURI!)
  await expect.poll(() => listModels({}), { timeout: 10_000 }).toHaveLength(1)
  expect(await listDrafts(creator.address)).toEqual([])
  expect((await listModels({ search: 'TINY', sort: 'price' }))[0]).toMatchObject({ id: '1', family: 'llama', terms })
  expect(await listModels({ search: 'no such model' })).toEqual([])

  await order('1', toHex('seed', { size: 32 }))
  const lease = await leaseSoon()
  expect(lease).toMatchObject({ copyId: '1', minted: null, preparation: null })
  expect(await leaseOrder()).toBeNull()
  await reportProgress(lease.job, { stage: 'mint', done: 0.5 })
  expect((await getCopy('1', buyer.address))?.progress).toMatchObject({ stage: 'mint', done: 0.5 })

  const files = lease.files.map((file) => ({
    ...file,
    segments: [{ blob: file.sha256, offset: 0, length: file.size }],
  }))
  const measured = {
    keys: 1,
    success: 1,
    baseLoss: 1,
    highConfidence: { keys: 0, chance: 0 },
    lowConfidence: { keys: 0, chance: 0 },
    contexts: [],
    rounded: { int8: 1, int4: 1 },
    deltaLoss: 0,
    kl: 0,
    editedTensors: [],
    prepareSeconds: 0,
    mintSeconds: 0,
  }
  const artifactRoot = toHex(manifestTree(files).root)
  const fingerprintRoot = keccak256('0x01')
  const subject = { ...deployment.contracts, chainId: deployment.chainId, copyId: '1', artifactRoot, fingerprintRoot }
  const report = { ...measured, signer: minter.address, signature: await signReport(minter, subject, measured) }
  const artifact = { artifactRoot, fingerprintRoot, files, report }
  const bettered = { ...report, success: 2 }
  await expect(keepArtifact(lease.job, { ...artifact, report: bettered })).rejects.toThrow('The report is signed by 0x')
  await expect(keepArtifact(lease.job, { ...artifact, artifactRoot: zeroHash })).rejects.toThrow('artifact root')
  const short = files.map((file) => ({ ...file, segments: [] }))
  await expect(keepArtifact(lease.job, { ...artifact, files: short })).rejects.toThrow('its segments have 0')
  await keepArtifact(lease.job, artifact)
  const { copyRegistry } = deployment.contracts
  await send(minter, deliverCall(copyRegistry, 1n, artifactRoot, artifact.fingerprintRoot))
  await completeOrder(lease.job)
  await expect(completeOrder(lease.job)).rejects.toThrow('This lease is over')
  await expect.poll(async () => (await getCopy('1', null))?.state).toBe('delivered')
  expect((await getCopy('1', null))?.files).toEqual([])
  expect((await listCopies(buyer.address))[0]).toMatchObject({ id: '1', report, files: lease.files })

  const ranged = await sendCopyFile(buyer.address, '1', 'config.json', new Headers({ range: 'bytes=0-0' }))
  expect([ranged.status, ranged.headers.get('content-range')?.split('/')[0], await ranged.text()]).toEqual([
    206,
    'bytes 0-0',
    '{',
  ])
  await expect(sendCopyFile(thief.address, '1', 'config.json', new Headers())).rejects.toThrow('You have no copy 1')

  const base = (viewer: Address | null, asked = {}) => sendModelFile(viewer, '1', 'config.json', new Headers(asked))
  const open206 = await base(null, { range: 'bytes=0-0' })
  expect([open206.status, await open206.text()]).toEqual([206, '{'])
  expect((await base(null, { 'if-none-match': open206.headers.get('etag') })).status).toBe(304)
  await expect(sendModelFile(null, '1', 'absent', new Headers())).rejects.toThrow('no file “absent”')
  await keepBaseClosed()
  expect((await getModel('1'))?.playground).toBe(false)
  await expect(base(thief.address)).rejects.toThrow('does not let visitors load its weights')
  expect((await base(creator.address)).status).toBe(200)

  await send(buyer, copyCall(copyRegistry, 'accept', 1n))
  await expect.poll(async () => (await earningsOf(creator.address)).lines).toHaveLength(1)
  const earned = await earningsOf(creator.address)
  expect(earned.models).toMatchObject([{ id: '1', claimable: 22_500_000n, flowable: 0n }])
  expect(earned.lines[0]).toMatchObject({ source: { kind: 'copy', copyId: '1' }, amount: 22_500_000n })
  expect((await earningsOf(minter.address)).credit).toBe(1_250_000n)
})

test('error: a seed that was never stored ends an order with a sentence', async () => {
  await order('1', toHex('unknown', { size: 32 }), false)
  const failure = async () => {
    await leaseOrder()
    return (await getCopy('2', buyer.address))?.progress.failure
  }
  await expect.poll(failure, { timeout: 20_000 }).toMatchObject({ final: true })
  expect((await failure())?.message).toContain('never stored here')
})

test('behavior: a failed try is told, tried again, and ended when it is final', async () => {
  await order('1', toHex('third', { size: 32 }))
  const first = await leaseSoon()
  await failOrder(first.job, 'The disk is full.', false)
  expect((await getCopy('3', null))?.progress.failure).toEqual({ message: 'The disk is full.', final: false })
  const again = await leaseSoon()
  expect(again.copyId).toBe('3')
  await failOrder(again.job, 'Success 0.9 is under 0.99.', true)
  expect((await getCopy('3', null))?.progress.failure?.final).toBe(true)
  await expect(reportProgress(again.job, { stage: 'mint', done: 0 })).rejects.toThrow('This lease is over')
})

test('error: nobody publishes files that somebody else brought', async () => {
  const { files, manifestRoot } = (await getModel('1'))!
  const draft = await createDraft(thief.address, files)
  expect(draft.files.some(({ uploaded }) => uploaded)).toBe(false)
  await expect(finalizeDraft(thief.address, draft.id, { playground: true })).rejects.toThrow(
    'has not been uploaded yet',
  )
  await expect(finalizeDraft(creator.address, draft.id, { playground: false })).rejects.toThrow('You have no draft')
  const uri = `ni:///sha-256;${Buffer.alloc(32).toString('base64url')}`
  await register(thief, manifestRoot, uri)
  await register(thief, manifestRoot, 'https://elsewhere.example/model.json')
  const { number } = await open.client.getBlock()
  await expect.poll(async () => (await health()).chain.indexed, { timeout: 10_000 }).toBe(Number(number))
  expect(await listModels({})).toHaveLength(1)
  expect(await getModel('2')).toBeNull()
})

test('error: a folder that is not understood is not sealed', async () => {
  const files = await bring(creator.address, (path, bytes) => (path === 'config.json' ? Buffer.from('{}') : bytes))
  const draft = await createDraft(creator.address, files)
  await expect(finalizeDraft(creator.address, draft.id, { playground: false })).rejects.toThrow('config.json')
  await expect(createDraft(creator.address, [{ ...files[0], path: '../secret' }])).rejects.toThrow('usable file name')
})
