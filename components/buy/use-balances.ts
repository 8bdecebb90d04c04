'use client'

import { useQuery } from '@tanstack/react-query'
import { useChain } from '@/components/wallet/chain'
import { useAccount } from '@/components/wallet/wallet'
import { loadPart } from '@/lib/browser/load-part'
import { messageOf } from '@/lib/error'
import type { Usdc6 } from '@/lib/money/usdc'

/** The account's USDC, and whether it covers `needed` and there is ETH for gas; undefined until the chain has answered. */
export function useBalances(account: `0x${string}` | null, needed: Usdc6) {
  const { contracts } = useChain()
  const { config } = useAccount()
  const { data, error, refetch } = useQuery({
    queryKey: ['balances', account],
    queryFn: async () => {
      const { readBalances } = await loadPart(import('./read-balances'))
      return readBalances(config!, contracts.usd, account!)
    },
    enabled: account !== null && config !== null,
    // A chain that does not answer is asked again until it does.
    refetchInterval: ({ state }) => state.status === 'error' && 5_000,
  })
  if (data === undefined) return { error: error && messageOf(error), refresh: refetch }
  return { usdc: data.usdc, sufficient: data.usdc >= needed && data.eth > 0n, refresh: refetch }
}
