'use client'

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { Abi, Address, Hex, PublicClient, TransactionReceipt } from 'viem'
import { type Config, useAccount, useConfig } from 'wagmi'
import { getPublicClient, simulateContract, writeContract } from 'wagmi/actions'
import { exclusively } from '@/lib/browser/exclusively'
import { storage } from '@/lib/browser/storage'
import { chainError } from '@/lib/chain/chain-error'
import { look } from '@/lib/chain/writes/look'
import { advance, beginWrite, isUnsettled, mayLand, type Proof, type WriteRecord } from '@/lib/chain/writes/record'
import { KinmarkError, messageOf } from '@/lib/error'
import { useChain } from './chain'
import { didNotSend } from './did-not-send'
import type { TransactionState } from './transaction-state'
import { keyOf, readRecord, tellRecord, writeRecord } from './write-journal'

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

/**
 * Sends one write and follows it, also after a reload and from other tabs. The write is known by its chain, the wallet’s
 * account and `name`; the same is never sent while an earlier attempt may still take effect. With `remember`, a success
 * is shown whenever the page is opened again, until `reset`.
 */
export function useTransaction(name: string, { remember = false } = {}) {
  const config = useConfig()
  const { chainId, local } = useChain()
  const { address: account } = useAccount()
  const key = account ? keyOf({ chainId, account, name }) : null
  const record = useRecord(key)
  const [attempt, setAttempt] = useState<Attempt | null>(null)
  const [seen, setSeen] = useState<Seen | null>(null)
  const asking = useRef(false)
  /** The attempts that were under way while this page was open. Others are history. */
  const [current, setCurrent] = useState<ReadonlySet<string>>(new Set())

  const id = record?.id
  // Another tab may have settled it, or an earlier page: its receipt is still to be read.
  const lacksReceipt =
    record?.stage === 'final' && (remember || current.has(record.id)) && !(seen?.id === record.id && seen.receipt)
  const follows = record !== null && (isUnsettled(record) || lacksReceipt)
  useEffect(() => {
    if (key === null || id === undefined || !follows) return
    const record = readRecord(key)
    if (record && (mayLand(record) || record.stage === 'silent')) setCurrent((ids) => new Set(ids).add(id))
    const controller = new AbortController()
    const client = getPublicClient(config) as PublicClient
    const blocks = local ? 0 : finalBlocks
    const pollMs = local ? 500 : 4_000
    follow({ key, id, client, blocks, pollMs, asking, signal: controller.signal, onSeen: setSeen })
    return () => controller.abort()
  }, [key, id, follows, config, local])

  const send = useCallback(
    async (prepare: () => Promise<Write>) => {
      const show = (state: TransactionState | null) =>
        setAttempt(state && { key, state, record: key === null ? null : readRecord(key) })
      const fail = (error: unknown) => show({ stage: 'failed', message: messageOf(chainError(error)) })
      if (key === null || !account) return fail(new KinmarkError('wallet.not-connected'))
      const free = await exclusively(key, async () => {
        const earlier = readRecord(key)
        if (earlier && mayLand(earlier)) return fail(new KinmarkError('wallet.still-under-way'))
        asking.current = true
        show({ stage: 'wallet' })
        try {
          const id = await ask({ config, chainId, account, key, prepare })
          setCurrent((ids) => new Set(ids).add(id))
          show(null)
        } catch (error) {
          fail(error)
        } finally {
          asking.current = false
        }
      }).catch(fail)
      if (free === false) fail(new KinmarkError('wallet.other-tab'))
    },
    [account, chainId, config, key],
  )

  /** Forgets what ended, so that the same can be done once more. */
  const reset = useCallback(() => {
    setAttempt(null)
    const record = key === null ? null : readRecord(key)
    if (key !== null && record && !mayLand(record)) writeRecord(key, null)
  }, [key])

  const state = useMemo<TransactionState>(() => {
    // A wallet may send and never answer: what the chain shows counts more than what this page waits for.
    const news = record !== null && (mayLand(record) || (record !== attempt?.record && record.stage !== 'declined'))
    if (attempt && attempt.key === key && !news) return attempt.state
    const state = stateOf(record, seen, current)
    return state.stage === 'included' && state.earlier && !remember ? { stage: 'idle' } : state
  }, [attempt, key, record, remember, seen, current])
  return { state, send, reset }
}

export type Transaction = ReturnType<typeof useTransaction>

function useRecord(key: string | null): WriteRecord | null {
  return useSyncExternalStore(
    useCallback((listener) => storage().subscribe(listener), []),
    () => (key === null ? null : readRecord(key)),
    () => null,
  )
}

/** What this page’s own last try showed, and the record as it was then. */
type Attempt = { key: string | null; state: TransactionState; record: WriteRecord | null }

/** What the last look at an attempt found beyond its record. */
type Seen = { id: string; receipt: TransactionReceipt | null; trouble?: string }

function stateOf(record: WriteRecord | null, seen: Seen | null, current: ReadonlySet<string>): TransactionState {
  if (!record) return { stage: 'idle' }
  const { id, stage, hash, expires } = record
  const { receipt = null, trouble } = seen?.id === id ? seen : {}
  const earlier = !current.has(id)
  switch (stage) {
    case 'wallet':
      return { stage: 'wallet' }
    case 'sent':
      return { stage: 'pending', hash: hash as Hex, trouble }
    case 'silent':
    case 'missing':
    case 'dropped':
      if (earlier && expires === null) return { stage: 'idle' }
      return { stage: 'unsure', why: stage, hash, until: expires, trouble }
    case 'included':
    case 'final':
      if (receipt) return { stage: 'included', hash: receipt.transactionHash, receipt, earlier }
      return earlier ? { stage: 'idle' } : { stage: 'pending', hash: hash as Hex, trouble }
    case 'reverted':
    case 'cancelled':
    case 'expired':
      return earlier ? { stage: 'idle' } : { stage, hash }
    case 'declined':
      return { stage: 'idle' }
  }
}

type Asking = {
  config: Config
  chainId: number
  account: Address
  key: string
  prepare: () => Promise<Write>
}

/** Asks the wallet to send. Its answer goes into the record. Returns the attempt’s id; throws where nothing was sent. */
async function ask({ config, chainId, account, key, prepare }: Asking): Promise<string> {
  const { proof, expires, ...call } = await prepare()
  const client = getPublicClient(config)
  if (!client) throw new KinmarkError('wallet.network-unknown', { chainId })
  const landed = expires === undefined ? null : await landedEarlier(client as PublicClient, key, proof)
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
    const hash = await writeContract(config, { ...call, account, chainId } as never)
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

/**
 * The attempt at the same payment that was given up and has been paid all the same: a wallet may name one transaction and
 * send another. Null where there is none.
 */
async function landedEarlier(client: PublicClient, key: string, proof: Proof): Promise<string | null> {
  const earlier = readRecord(key)
  if (!earlier || earlier.stage === 'final' || JSON.stringify(earlier.proof) !== JSON.stringify(proof)) return null
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

type Following = {
  key: string
  id: string
  client: PublicClient
  blocks: number
  pollMs: number
  asking: { readonly current: boolean }
  signal: AbortSignal
  onSeen: (seen: Seen) => void
}

/** Looks at the chain until the attempt has settled. A chain that does not answer is asked again, less and less often. */
async function follow({ key, id, client, blocks, pollMs, asking, signal, onSeen }: Following): Promise<void> {
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
