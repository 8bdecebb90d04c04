'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useConfig } from 'wagmi'
import { allowBond } from '@/components/wallet/allow-bond'
import { useChain } from '@/components/wallet/chain'
import { blockOf, isUnderWay } from '@/components/wallet/transaction-state'
import { useIndexed } from '@/components/wallet/use-indexed'
import { useTransaction, type Write } from '@/components/wallet/use-transaction'

/** Sends a write to the courts, after letting them take `bond`, and refreshes the page once it is indexed. */
export function useCaseStep(name: string) {
  const router = useRouter()
  const config = useConfig()
  const { contracts } = useChain()
  const { state, send } = useTransaction(name)
  const indexed = useIndexed(blockOf(state))
  useEffect(() => {
    if (indexed === 'indexed') router.refresh()
  }, [indexed, router])
  const run = (write: Write, bond = 0n) =>
    send(async () => {
      if (bond > 0n) await allowBond(config, { usd: contracts.usd, spender: contracts.caseCourt }, bond)
      return write
    })
  return { state, run, busy: isUnderWay(state) }
}

export type CaseRun = ReturnType<typeof useCaseStep>['run']
