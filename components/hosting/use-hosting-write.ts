'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useChain } from '@/components/wallet/chain'
import { blockOf, isUnderWay } from '@/components/wallet/transaction-state'
import { useIndexed } from '@/components/wallet/use-indexed'
import { useTransaction } from '@/components/wallet/use-transaction'
import { useAccount } from '@/components/wallet/wallet'
import type { Write } from '@/components/wallet/write'
import { loadPart } from '@/lib/browser/load-part'
import { KinmarkError } from '@/lib/error'

type Writes = typeof import('@/lib/chain/writes/build')

/** Sends a write of a host, after letting the usage ledger take `allowed`, and refreshes the page once it is indexed. */
export function useHostingWrite(name: string) {
  const router = useRouter()
  const { config } = useAccount()
  const { contracts } = useChain()
  const { state, send } = useTransaction(name)
  const indexed = useIndexed(blockOf(state))
  useEffect(() => {
    if (indexed === 'indexed') router.refresh()
  }, [indexed, router])
  const run = (build: (writes: Writes) => Write, allowed = 0n) =>
    send(async () => {
      if (!config) throw new KinmarkError('wallet.not-connected')
      const writes = await loadPart(import('@/lib/chain/writes/build'))
      if (allowed > 0n) {
        const { allowBond } = await loadPart(import('@/components/wallet/allow-bond'))
        await allowBond(config, { usd: contracts.usd, spender: contracts.usageLedger }, allowed)
      }
      return build(writes)
    })
  return { state, run, busy: isUnderWay(state) }
}
