'use client'

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { Hex } from 'viem'
import { exclusively } from '@/lib/browser/exclusively'
import { loadPart } from '@/lib/browser/load-part'
import { storage } from '@/lib/browser/storage'
import { provenId } from '@/lib/chain/writes/is-proof'
import { isAdrift, isUnsettled, mayLand, type WriteRecord } from '@/lib/chain/writes/record'
import { KinmarkError, messageOf } from '@/lib/error'
import { useChain } from './chain'
import type { TransactionState } from './transaction-state'
import { useAccount } from './wallet'
import type { Seen, Write } from './write'
import { keyOf, readRecord, writeRecord } from './write-journal'

/**
 * Sends one write and follows it, also after a reload and from other tabs. The write is known by its chain, the wallet’s
 * account and `name`; the same is never sent while an earlier attempt may still take effect. With `remember`, a success
 * is shown whenever the page is opened again, until `reset`.
 */
export function useTransaction(name: string, { remember = false } = {}) {
  const { chainId, local } = useChain()
  const { address: account, config } = useAccount()
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
    if (key === null || config === null || id === undefined || !follows) return
    const record = readRecord(key)
    if (record && (mayLand(record) || record.stage === 'silent')) setCurrent((ids) => new Set(ids).add(id))
    const controller = new AbortController()
    const { signal } = controller
    loadPart(import('./write')).then(
      ({ follow }) => follow({ key, id, config, local, asking, signal, onSeen: setSeen }),
      (error) => setSeen({ id, receipt: null, trouble: messageOf(error) }),
    )
    return () => controller.abort()
  }, [key, id, follows, config, local])

  const send = useCallback(
    async (prepare: () => Promise<Write>) => {
      const show = (state: TransactionState | null) =>
        setAttempt(state && { key, state, record: key === null ? null : readRecord(key) })
      const fail = (error: unknown) => show({ stage: 'failed', message: messageOf(error) })
      if (key === null || !account || !config) return fail(new KinmarkError('wallet.not-connected'))
      const before = readRecord(key)
      const free = await exclusively(key, async () => {
        const earlier = readRecord(key)
        if (earlier && mayLand(earlier)) return fail(new KinmarkError('wallet.still-under-way'))
        // Another tab may have done the same while this one waited for its turn.
        if (earlier && isOther(earlier, before) && !isAdrift(earlier) && earlier.stage !== 'declined')
          return fail(new KinmarkError('wallet.other-tab'))
        asking.current = true
        show({ stage: 'wallet' })
        try {
          const { ask } = await loadPart(import('./write'))
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
    const news =
      record !== null && (mayLand(record) || (isOther(record, attempt?.record) && record.stage !== 'declined'))
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

/** Another attempt, or another end of the same. A further look that found nothing is no news. */
function isOther(record: WriteRecord, earlier: WriteRecord | null | undefined): boolean {
  return record.id !== earlier?.id || record.stage !== earlier.stage
}

/** What this page’s own last try showed, and the record as it was then. */
type Attempt = { key: string | null; state: TransactionState; record: WriteRecord | null }

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
      if (receipt)
        return {
          stage: 'included',
          hash: receipt.transactionHash,
          receipt,
          earlier,
          id: provenId(record.proof, receipt),
        }
      return earlier ? { stage: 'idle' } : { stage: 'pending', hash: hash as Hex, trouble }
    case 'reverted':
    case 'cancelled':
    case 'expired':
      return earlier ? { stage: 'idle' } : { stage, hash }
    case 'declined':
      return { stage: 'idle' }
  }
}
