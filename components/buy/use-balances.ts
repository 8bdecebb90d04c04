'use client'

import { useBalance, useReadContract } from 'wagmi'
import { useChain } from '@/components/wallet/chain'
import { chainError } from '@/lib/chain/chain-error'
import { testUsdAbi } from '@/lib/chain/generated'
import { messageOf } from '@/lib/error'
import type { Usdc6 } from '@/lib/money/usdc'

/** A chain that does not answer is asked again until it does. */
const retrying = {
  retry: 1,
  refetchInterval: (query: { state: { status: string } }) => query.state.status === 'error' && 5_000,
} as const

/** The account's USDC, and whether it covers `needed` and there is ETH for gas; undefined until the chain has answered. */
export function useBalances(account: `0x${string}` | null, needed: Usdc6) {
  const { contracts } = useChain()
  const usd = useReadContract({
    address: contracts.usd,
    abi: testUsdAbi,
    functionName: 'balanceOf',
    args: account ? [account] : undefined,
    query: { enabled: account !== null, ...retrying },
  })
  const gas = useBalance({ address: account ?? undefined, query: retrying })
  const refresh = () => Promise.all([usd.refetch(), gas.refetch()])
  const error = usd.error ?? gas.error
  if (usd.data === undefined || gas.data === undefined) return { error: error && messageOf(chainError(error)), refresh }
  return { usdc: usd.data, sufficient: usd.data >= needed && gas.data.value > 0n, refresh }
}
