'use client'

import { useBalance, useReadContract } from 'wagmi'
import { useChain } from '@/components/wallet/chain'
import { testUsdAbi } from '@/lib/chain/generated'
import type { Usdc6 } from '@/lib/money/usdc'

/** The account's USDC, and whether it covers `needed` and there is ETH for gas; undefined until the chain has answered. */
export function useBalances(account: `0x${string}` | null, needed: Usdc6) {
  const { contracts } = useChain()
  const usd = useReadContract({
    address: contracts.usd,
    abi: testUsdAbi,
    functionName: 'balanceOf',
    args: account ? [account] : undefined,
    query: { enabled: account !== null },
  })
  const gas = useBalance({ address: account ?? undefined })
  const refresh = () => Promise.all([usd.refetch(), gas.refetch()])
  if (usd.data === undefined || gas.data === undefined) return { refresh }
  return { usdc: usd.data, sufficient: usd.data >= needed && gas.data.value > 0n, refresh }
}
