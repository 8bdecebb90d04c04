'use client'

import { useMutation } from '@tanstack/react-query'
import { useBalance, useReadContract } from 'wagmi'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { useChain } from '@/components/wallet/chain'
import { sendJson } from '@/lib/browser/http'
import { testUsdAbi } from '@/lib/chain/generated'
import { messageOf } from '@/lib/error'
import { formatUsdc } from '@/lib/format/amounts'
import type { Usdc6 } from '@/lib/money/usdc'

/** The account's USDC and whether it covers `needed`; undefined until the chain has answered. */
export function useMoney(account: `0x${string}` | null, needed: Usdc6) {
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
  return { balance: usd.data, enough: usd.data >= needed && gas.data.value > 0n, refresh }
}

type Props = { account: `0x${string}`; balance: Usdc6; needed: Usdc6; onFunded: () => Promise<unknown> }

export function TooLittleMoney({ account, balance, needed, onFunded }: Props) {
  const chain = useChain()
  const faucet = useMutation({
    mutationFn: () => sendJson('/api/faucet', { address: account }).then(onFunded),
  })
  return (
    <div className="space-y-2">
      <Callout
        tone="warning"
        action={
          chain.local && (
            <Button size="small" busy={faucet.isPending} onClick={() => faucet.mutate()}>
              Get play money
            </Button>
          )
        }
      >
        {balance < needed
          ? `You have ${formatUsdc(balance)} USDC and need ${formatUsdc(needed)} USDC.`
          : 'Your account has no ETH to pay the network with.'}
      </Callout>
      {faucet.error && <Callout tone="danger">{messageOf(faucet.error)}</Callout>}
    </div>
  )
}
