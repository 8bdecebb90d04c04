import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createWalletClient, http, maxUint256, parseEventLogs, publicActions, toHex } from 'viem'
import { creatorOf, type LocalFile } from '../../bin/start/creator'
import { signIn as openSession, sessionOf } from '../../bin/start/sign-in'
import { localAccount } from '../../lib/chain/accounts'
import { copyCall } from '../../lib/chain/copy'
import { copyRegistryAbi, modelRegistryAbi, testUsdAbi } from '../../lib/chain/generated'
import type { CopyId } from '../../lib/chain/ids'
import { orderCall } from '../../lib/chain/order'
import { type QuoteJson, signedQuoteSchema } from '../../lib/chain/quote'
import { registerCall } from '../../lib/chain/register'
import { errorOfFailure, type Failure } from '../../lib/minting/failure'
import { originBondCalls } from '../../test/origin'
import type { Balancer } from './balancer'
import type { System } from './system'
import { good, type Tally, Told } from './tally'

/** What was done, to be compared with what the database says in the end. */
export type Done = { published: string[]; bought: string[]; downloadedBytes: number }

type Client = { system: System; balancer: Balancer; tally: Tally; done: Done; isOver(): boolean }

const folder = 'public/models/tiny'
const terms = {
  price: 1_000_000n,
  collateral: 2_000_000n,
  fee: 1000n,
  royaltyBps: 1000,
  floorBps: 0,
  leakBps: 5000,
  licence: { derive: true, freeToDerive: true, commercial: true },
}
const pollMs = 500
const deliverMs = 5 * 60_000
const thinkMs = { reader: 100, creator: 5_000, buyer: 1_000 }

/** Someone else's address, as the proxy before the apps would tell it: limits count by it. */
const someone = () => ({ 'x-forwarded-for': `10.${randomBytes(3).join('.')}` })

const oneOf = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]

/** Reads pages and the API, as visitors and programs do. */
export async function read({ balancer, tally, done, isOver }: Client): Promise<void> {
  const places: [kind: string, path: (model: string) => string][] = [
    ['page: explore', () => '/'],
    ['page: explore', () => '/?search=tiny&order=new'],
    ['page: model', (model) => `/models/${model}`],
    ['page: method', () => '/method'],
    ['API: list', () => '/api/v1/models?search=tiny'],
    ['API: model', (model) => `/api/v1/models/${model}`],
    ['file of a model', (model) => `/api/models/${model}/files/tokenizer.json`],
    ['health', () => '/api/health'],
    ['metrics', () => '/api/metrics'],
  ]
  while (done.published.length === 0 && !isOver()) await wait(pollMs)
  while (!isOver()) {
    const [kind, pathOf] = oneOf(places)
    const path = pathOf(oneOf(done.published))
    await tally
      .time(kind, async () => (await good(await balancer.fetch(path, { headers: someone() }))).arrayBuffer())
      .catch(() => undefined)
    await wait(Math.random() * 2 * thinkMs.reader)
  }
}

/** Publishes one model after another; the weights of each are its own. */
export async function publish(client: Client, index: number): Promise<void> {
  const { system, balancer, tally, done, isOver } = client
  const wallet = openWallet(system, index)
  const { modelRegistry } = system.deployment.contracts
  for (const call of originBondCalls(system.deployment.contracts, wallet.account.address, 100n)) await wallet.send(call)
  let cookie = ''
  const creator = () => {
    const site = balancer.pick()
    return creatorOf(site, sessionOf(site, cookie))
  }
  while (!isOver()) {
    const files = changedFiles()
    try {
      cookie ||= await signIn(client, wallet.account)
      const draft = await tally.time('publish: draft', () => told(creator().draft(files)))
      for (const { path, uploaded } of draft.files) {
        if (uploaded) continue
        const file = files.find((one) => one.path === path) as LocalFile
        await tally.time('publish: upload', () => told(creator().upload(draft, file)))
      }
      const { manifestRoot, metadataURI } = await tally.time('publish: finalize', () => told(creator().finalize(draft)))
      const { logs } = await tally.time('chain: register', () =>
        wallet.send(
          registerCall(modelRegistry, {
            manifestRoot,
            metadataURI: metadataURI as string,
            terms,
            parents: [],
            minters: [system.deployment.minter],
          }),
        ),
      )
      const [{ args }] = parseEventLogs({ abi: modelRegistryAbi, eventName: 'Registered', logs })
      const id = String(args.id)
      await tally.time('publish: key pool', () => hasKeys(client, id))
      done.published.push(id)
    } catch {
      // Counted where it happened; the next model is published all the same.
    }
    await wait(thinkMs.creator)
  }
}

/** Buys one copy after another, downloads and checks every file of it, and accepts it. */
export async function buy(client: Client, index: number): Promise<void> {
  const { system, balancer, tally, done, isOver } = client
  const wallet = openWallet(system, index)
  const buyer = wallet.account.address
  const { usd, copyRegistry } = system.deployment.contracts
  await wallet.send({ address: usd, abi: testUsdAbi, functionName: 'faucet', args: [buyer, 10_000_000_000n] })
  await wallet.send({ address: usd, abi: testUsdAbi, functionName: 'approve', args: [copyRegistry, maxUint256] })
  let cookie = ''
  const ask = async (path: string, init: RequestInit = {}) =>
    good(await balancer.fetch(path, { ...init, headers: { ...init.headers, ...someone(), cookie } }))
  while (!isOver()) {
    const model = oneOf(done.published)
    try {
      if (model === undefined) continue
      cookie ||= await signIn(client, wallet.account)
      const body = JSON.stringify({ model, seed: toHex(randomBytes(32)) })
      const headers = { 'content-type': 'application/json' }
      const signed = await tally.time('buy: quote', async () => {
        const { id } = await (await ask('/api/quotes', { method: 'POST', body, headers })).json()
        return until(async () => {
          const quote: { signed: QuoteJson | null; failure: Failure | null } = await (
            await ask(`/api/quotes/${id}`)
          ).json()
          if (quote.failure) throw toldOf(quote.failure)
          return quote.signed
        })
      })
      const order = signedQuoteSchema.parse(signed)
      const { logs } = await tally.time('chain: order', () => wallet.send(orderCall(copyRegistry, order)))
      const [{ args }] = parseEventLogs({ abi: copyRegistryAbi, eventName: 'Ordered', logs })
      const copy = await tally.time('buy: minted and delivered', () =>
        until(async () => {
          // Not indexed yet: there is no such copy.
          const response = await ask(`/api/copies/${args.id}`).catch((error) => {
            if (error instanceof Told) return null
            throw error
          })
          const view = await response?.json()
          if (view?.progress?.failure?.final) throw toldOf(view.progress.failure)
          return view?.state === 'delivered' ? (view as CopyView) : null
        }),
      )
      for (const { path, sha256, size } of copy.files)
        await tally.time('buy: download', async () => {
          const bytes = new Uint8Array(await (await ask(`/api/copies/${copy.id}/files/${path}`)).arrayBuffer())
          const found = createHash('sha256').update(bytes).digest('hex')
          if (found !== sha256 || bytes.length !== size) throw new Error(`${path} of copy ${copy.id} arrived changed.`)
          done.downloadedBytes += size
        })
      await tally.time('chain: accept', () => wallet.send(copyCall(copyRegistry, 'accept', copy.id)))
      done.bought.push(copy.id)
    } catch {
      // Counted where it happened.
    } finally {
      await wait(thinkMs.buyer)
    }
  }
}

type CopyView = { id: CopyId; state: string; files: { path: string; sha256: string; size: number }[] }

const toldOf = (failure: Failure) => {
  const { code, message } = errorOfFailure(failure)
  return new Told(code, message)
}

/** Errors of the creator’s client are those of its answers. */
async function told<T>(work: Promise<T>): Promise<T> {
  return work.catch((error) => {
    if (typeof error?.code === 'string' && error.code.includes('.') && error.code !== 'market.internal')
      throw new Told(error.code, error.message)
    throw error
  })
}

async function signIn({ system, balancer, tally }: Client, account: ReturnType<typeof localAccount>): Promise<string> {
  const { origin, deployment } = system
  const opened = () => openSession(balancer.pick(), origin, deployment.chainId, account)
  return (await tally.time('sign in', () => told(opened()))).cookie
}

async function hasKeys({ balancer }: Client, id: string): Promise<void> {
  await until(async () => {
    const response = await balancer.fetch(`/api/v1/models/${id}`, { headers: someone() })
    if (response.status === 404) return null
    return (await (await good(response)).json()).keyPoolRoot
  })
}

/** The first answer that is not null, within five minutes. What one of our errors says is not a reason to stop asking while a part is away. */
async function until<T>(ask: () => Promise<T | null>): Promise<T> {
  for (const end = Date.now() + deliverMs; Date.now() < end; await wait(pollMs)) {
    const answer = await ask().catch((error) => {
      if (error instanceof Told && error.code === 'market.part-away') return null
      throw error
    })
    if (answer !== null && answer !== undefined) return answer
  }
  throw new Error(`Nothing came within ${deliverMs / 60_000} minutes.`)
}

function openWallet({ rpcUrl }: System, index: number) {
  const account = localAccount(index)
  const client = createWalletClient({ account, transport: http(rpcUrl), pollingInterval: 100 }).extend(publicActions)
  return {
    account,
    /** The transaction’s receipt. Throws where it was reverted. */
    async send(call: object) {
      const hash = await client.writeContract({ ...call, chain: null } as Parameters<typeof client.writeContract>[0])
      const receipt = await client.waitForTransactionReceipt({ hash })
      if (receipt.status !== 'success') throw new Error(`Transaction ${hash} was reverted.`)
      return receipt
    },
  }
}

/** The files of the small model with other weights: some values of the last tensor differ in their last bits. */
function changedFiles(): LocalFile[] {
  return readdirSync(folder).map((path) => {
    const bytes = readFileSync(join(folder, path))
    if (path.endsWith('.safetensors'))
      for (let at = bytes.length - 64; at < bytes.length; at += 2) bytes[at] = randomBytes(1)[0]
    return { path, size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex'), bytes }
  })
}
