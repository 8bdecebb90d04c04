'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { loadPart } from '@/lib/browser/load-part'
import { KinmarkError } from '@/lib/error'
import { useChain } from './chain'
import { blockOf, isUnderWay } from './transaction-state'
import { useIndexed } from './use-indexed'
import { useTransaction } from './use-transaction'
import { useAccount } from './wallet'
import type { Write } from './write'

/** The calls to each contract, loaded when somebody signs. */
const calls = {
  usageLedger: () => import('@/lib/chain/writes/build'),
  caseCourt: () => import('@/lib/chain/writes/build-case'),
  origins: () => import('@/lib/chain/writes/build-case'),
  modelRegistry: () => import('@/lib/chain/writes/build-votes'),
}

/** Sends a write, after letting `contract` take `allowed`, and refreshes the page once it is indexed. */
export function useWrite<Contract extends keyof typeof calls>(contract: Contract, name: string) {
  type Writes = Awaited<ReturnType<(typeof calls)[Contract]>>
  const router = useRouter()
  const { config } = useAccount()
  const { contracts } = useChain()
  const { state, send } = useTransaction(name)
  const indexed = useIndexed(blockOf(state))
  useEffect(() => {
    if (indexed === 'indexed') router.refresh()
  }, [indexed, router])
  const run = (build: (writes: Writes) => Write | Promise<Write>, allowed = 0n) =>
    send(async () => {
      if (!config) throw new KinmarkError('wallet.not-connected')
      const writes = await loadPart(calls[contract]() as Promise<Writes>)
      if (allowed > 0n) {
        const { allowBond } = await loadPart(import('./allow-bond'))
        await allowBond(config, { usd: contracts.usd, spender: contracts[contract] }, allowed)
      }
      return build(writes)
    })
  return { state, run, busy: isUnderWay(state) }
}

export type Run<Contract extends keyof typeof calls> = ReturnType<typeof useWrite<Contract>>['run']
