import type { Abi, Address, PublicClient, TransactionReceipt } from 'viem'
import type { Config } from 'wagmi'
import { getPublicClient, simulateContract, writeContract } from 'wagmi/actions'
import { exclusively } from '@/lib/browser/exclusively'
import { connectionError } from '@/lib/browser/http'
import { storage } from '@/lib/browser/storage'
import { chainError } from '@/lib/chain/chain-error'
import { look } from '@/lib/chain/writes/look'
import {
  advance,
  beginWrite,
  isAdrift,
  isUnsettled,
  mayLand,
  type Proof,
  type WriteRecord,
} from '@/lib/chain/writes/record'
import { KinmarkError, messageOf } from '@/lib/error'
import { didNotSend } from './did-not-send'
import { readRecord, tellRecord, writeRecord } from './write-journal'

/** A contract call, as the builders in lib/chain return it. */
export type Write = {
  address: Address
  abi: Abi | readonly unknown[]
  functionName: string
  args?: readonly unknown[]
  /** The event by which a page knows that it happened. */
  proof: Proof
  /** For a write that takes money: chain time in seconds after which the contract refuses it. */
  expires?: bigint
}

/** Blocks after which an included transaction stays. A local chain never takes one back. */
const finalBlocks = 12
const maxPauseMs = 15_000

type Asking = {
  config: Config
  chainId: number
  account: Address
  key: string
  prepare: () => Promise<Write>
}

/**
 * Asks the wallet to send. Its answer goes into the record. Returns the attempt’s id. Throws `chain.*`, `contract.*` and
 * `browser.offline` where nothing was sent.
 */
export function ask(asking: Asking): Promise<string> {
  return askWallet(asking).catch((error) => {
    const known = chainError(error)
    const offline = known.code === 'chain.unreachable' && connectionError() === 'browser.offline'
    throw offline ? new KinmarkError('browser.offline', {}, { cause: error }) : known
  })
}

async function askWallet({ config, chainId, account, key, prepare }: Asking): Promise<string> {
  const { proof, expires, ...call } = await prepare()
  const client = getPublicClient(config)
  if (!client) throw new KinmarkError('wallet.network-unknown', { chainId })
  const landed = await landedEarlier(client as PublicClient, key, proof, expires !== undefined)
  if (landed) return landed
  await simulateContract(config, { ...call, account, blockTag: 'pending' } as never)
  const [since, count, pending] = await Promise.all([
    client.getBlockNumber({ cacheTime: 0 }),
    client.getTransactionCount({ address: account }),
    client.getTransactionCount({ address: account, blockTag: 'pending' }),
  ])
  // Without durable storage an earlier page may have sent the same, and this one would not know.
  if (expires !== undefined && pending > count && !storage().durable)
    throw new KinmarkError('wallet.transactions-waiting', { waiting: pending - count })
  const id = crypto.randomUUID()
  const begun = {
    id,
    account,
    since: Number(since),
    firstNonce: count,
    expires: expires === undefined ? null : Number(expires),
    proof,
  }
  writeRecord(key, beginWrite(begun))
  try {
    // A wallet may send and never answer. What the chain shows ends the asking too.
    const answer = writeContract(config, { ...call, account, chainId } as never)
    const hash = await Promise.race([answer, untilShown(key, id)])
    if (hash === null) return id
    tellRecord(key, id, { type: 'answered', hash })
    // Its nonce finds it again after the wallet has replaced it.
    await lookOnce(client as PublicClient, key, id, finalBlocks, () => undefined).catch(() => undefined)
  } catch (error) {
    const declined = didNotSend(error)
    tellRecord(key, id, { type: declined ? 'declined' : 'silent' })
    if (declined) throw error
  }
  return id
}

/** Waits until a page that follows the attempt finds its end on the chain. */
function untilShown(key: string, id: string): Promise<null> {
  return new Promise((resolve) => {
    const stop = storage().subscribe(() => {
      const record = readRecord(key)
      if (record?.id === id && isUnsettled(record) && record.stage !== 'included') return
      stop()
      resolve(null)
    })
  })
}

/**
 * The attempt at the same that was given up and has happened all the same: a wallet may say nothing, or name one
 * transaction and send another. An attempt that did not `pay` is asked for only while nobody knows its end, because the
 * same may be wanted again. Null where there is none.
 */
async function landedEarlier(client: PublicClient, key: string, proof: Proof, pays: boolean): Promise<string | null> {
  const earlier = readRecord(key)
  if (!earlier || earlier.stage === 'final' || JSON.stringify(earlier.proof) !== JSON.stringify(proof)) return null
  if (!pays && !isAdrift(earlier)) return null
  const reopened: WriteRecord = { ...earlier, stage: 'silent' }
  const { sight } = await look(client, reopened)
  const record = advance(reopened, { type: 'looked', sight, finalBlocks })
  if (!sight.settled?.proven || mayLand(record)) return null
  writeRecord(key, record)
  return record.id
}

/** Looks at the chain. The receipt is shown before the record changes, because a settled record ends the following. */
async function lookOnce(
  client: PublicClient,
  key: string,
  id: string,
  finalBlocks: number,
  onReceipt: (receipt: TransactionReceipt | null) => void,
): Promise<void> {
  const record = readRecord(key)
  if (record?.id !== id) return
  const { sight, receipt } = await look(client, record)
  onReceipt(receipt)
  tellRecord(key, id, { type: 'looked', sight, finalBlocks })
}

/** What the last look at an attempt found beyond its record. */
export type Seen = { id: string; receipt: TransactionReceipt | null; trouble?: string }

type Following = {
  key: string
  id: string
  config: Config
  local: boolean
  asking: { readonly current: boolean }
  signal: AbortSignal
  onSeen: (seen: Seen) => void
}

/** Looks at the chain until the attempt has settled. A chain that does not answer is asked again, less and less often. */
export async function follow({ key, id, config, local, asking, signal, onSeen }: Following): Promise<void> {
  const client = getPublicClient(config) as PublicClient
  const blocks = local ? 0 : finalBlocks
  const pollMs = local ? 250 : 4_000
  let pauseMs = pollMs
  let hasReceipt = false
  while (!signal.aborted) {
    const record = readRecord(key)
    if (record?.id !== id) return
    // Whoever asked the wallet holds the key. Where nobody does, the page that asked was closed.
    if (record.stage === 'wallet' && !asking.current)
      await exclusively(key, async () => tellRecord(key, id, { type: 'silent' }))
    try {
      await lookOnce(client, key, id, blocks, (receipt) => {
        hasReceipt = receipt !== null
        if (!signal.aborted) onSeen({ id, receipt })
      })
      pauseMs = pollMs
    } catch (error) {
      if (signal.aborted) return
      onSeen({ id, receipt: null, trouble: messageOf(chainError(error)) })
      pauseMs = Math.min(2 * pauseMs, maxPauseMs)
    }
    const next = readRecord(key)
    if (next?.id !== id || (!isUnsettled(next) && (hasReceipt || next.stage !== 'final'))) return
    await new Promise((done) => setTimeout(done, pauseMs))
  }
}
