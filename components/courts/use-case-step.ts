'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { blockOf } from '@/components/wallet/transaction-state'
import { useIndexed } from '@/components/wallet/use-indexed'
import { useTransaction, type Write } from '@/components/wallet/use-transaction'

/** Sends steps one after the other, and refreshes the page once the last is indexed. */
export function useCaseStep(name: string) {
  const router = useRouter()
  const { state, send } = useTransaction(name)
  const indexed = useIndexed(blockOf(state))
  useEffect(() => {
    if (indexed === 'indexed') router.refresh()
  }, [indexed, router])
  const run = async (...writes: Write[]) => {
    for (const write of writes) {
      const receipt = await send(async () => write)
      if (receipt?.status !== 'success') return false
    }
    return true
  }
  return { state, run, busy: state.stage === 'wallet' || state.stage === 'pending' }
}
