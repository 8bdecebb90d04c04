'use client'

import { useMutation } from '@tanstack/react-query'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Amount } from '@/components/values/amount'
import { useChain } from '@/components/wallet/chain'
import { sendJson } from '@/lib/browser/http'
import { messageOf } from '@/lib/error'
import type { Usdc6 } from '@/lib/money/usdc'

type Props = { account: `0x${string}`; balance: Usdc6; needed: Usdc6; onFunded: () => Promise<unknown> }

export function InsufficientBalance({ account, balance, needed, onFunded }: Props) {
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
              Get test USDC
            </Button>
          )
        }
      >
        {balance < needed ? (
          <>
            You have <Amount value={balance} /> and need <Amount value={needed} />.
          </>
        ) : (
          'Your account has no ETH for network fees.'
        )}
      </Callout>
      {faucet.error && <Callout tone="danger">{messageOf(faucet.error)}</Callout>}
    </div>
  )
}
