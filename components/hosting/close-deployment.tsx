'use client'

import { Button } from '@/components/ui/button'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import type { CopyId } from '@/lib/chain/ids'

/** Takes a deployment off the list. Its operator key stays valid for what was answered. */
export function CloseDeployment({ copyId, number }: { copyId: CopyId; number: number }) {
  const { contracts } = useChain()
  const { state, run, busy } = useWrite('usageLedger', `hosting.close.${copyId}.${number}`)
  const close = () => run(({ closeDeploymentWrite }) => closeDeploymentWrite(contracts.usageLedger, copyId, number))
  return (
    <>
      <RightNetwork>
        <Button size="small" variant="secondary" busy={busy} onClick={close} aria-label={`Close deployment ${number}`}>
          Close
        </Button>
      </RightNetwork>
      <TransactionNote state={state} />
    </>
  )
}
