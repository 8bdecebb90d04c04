'use client'

import { useCallback, useEffect, useState } from 'react'
import { type Abi, type Address, BaseError, type Hex, isHex, TransactionNotFoundError } from 'viem'
import { useConfig } from 'wagmi'
import { getTransaction, simulateContract, waitForTransactionReceipt, writeContract } from 'wagmi/actions'
import { chainError } from '@/lib/chain/chain-error'
import { messageOf } from '@/lib/error'
import { useChain } from './chain'
import type { TransactionState } from './transaction-state'

/** A contract call, as the builders in lib/chain return it. */
export type Write = {
  address: Address
  abi: Abi | readonly unknown[]
  functionName: string
  args?: readonly unknown[]
}

/**
 * Sends one transaction and follows it: wallet → pending → included, or failed with a sentence.
 * The hash is stored under `name`, so that a reload resumes it.
 */
export function useTransaction(name: string) {
  const config = useConfig()
  const { chainId } = useChain()
  const [state, setState] = useState<TransactionState>({ stage: 'idle' })
  const key = `kinmark.tx.${chainId}.${name}`

  const follow = useCallback(
    async (hash: Hex) => {
      setState({ stage: 'pending', hash })
      try {
        const receipt = await waitForTransactionReceipt(config, { hash })
        setState({ stage: 'included', hash, receipt })
        return receipt
      } catch (error) {
        setState({ stage: 'failed', message: messageOf(chainError(error)) })
        return null
      } finally {
        localStorage.removeItem(key)
      }
    },
    [config, key],
  )

  useEffect(() => {
    const stored = localStorage.getItem(key)
    if (!isHex(stored)) return
    getTransaction(config, { hash: stored }).then(
      () => follow(stored),
      (error) => {
        if (error instanceof BaseError && error.walk((cause) => cause instanceof TransactionNotFoundError))
          localStorage.removeItem(key)
      },
    )
  }, [config, follow, key])

  /** `prepare` runs in the stage `wallet`, so it may sign a permit. Resolves to the receipt, or to null on failure. */
  const send = useCallback(
    async (prepare: () => Promise<Write>) => {
      setState({ stage: 'wallet' })
      try {
        const write = await prepare()
        await simulateContract(config, { ...write, blockTag: 'pending' } as never)
        const hash = await writeContract(config, { ...write, chainId } as never)
        localStorage.setItem(key, hash)
        return follow(hash)
      } catch (error) {
        setState({ stage: 'failed', message: messageOf(chainError(error)) })
        return null
      }
    },
    [chainId, config, follow, key],
  )

  const reset = useCallback(() => setState({ stage: 'idle' }), [])
  return { state, send, reset }
}

export type Transaction = ReturnType<typeof useTransaction>
