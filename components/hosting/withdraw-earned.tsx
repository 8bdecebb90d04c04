'use client'

import { Button } from '@/components/ui/button'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import type { Usdc6 } from '@/lib/money/usdc'

export function WithdrawEarned({ account, balance }: { account: `0x${string}`; balance: Usdc6 }) {
  const { contracts } = useChain()
  const { state, run, busy } = useWrite('usageLedger', 'hosting.withdraw')
  const withdraw = () => run(({ withdrawWrite }) => withdrawWrite(contracts.userLedger, account, balance))
  return (
    <div className="space-y-2">
      <RightNetwork>
        <Button busy={busy} onClick={withdraw}>
          Send to your wallet
        </Button>
      </RightNetwork>
      <TransactionNote state={state} included="Sent" />
    </div>
  )
}
