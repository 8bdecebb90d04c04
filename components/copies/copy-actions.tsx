'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Button } from '@/components/ui/button'
import { Confirm } from '@/components/ui/confirm'
import { Amount } from '@/components/values/amount'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { blockOf, isUnderWay } from '@/components/wallet/transaction-state'
import { useIndexed } from '@/components/wallet/use-indexed'
import { useProtocolSeconds, useProtocolTime } from '@/components/wallet/use-protocol-time'
import { useTransaction } from '@/components/wallet/use-transaction'
import { loadPart } from '@/lib/browser/load-part'
import type { CopyAction } from '@/lib/chain/copy'
import { formatDuration } from '@/lib/format/times'
import type { CopyView } from '@/lib/market/read/views'
import { availableActions } from './available-actions'

const labels: Record<CopyAction, { button: string; why: string }> = {
  accept: {
    button: 'Accept the copy',
    why: 'Download and check the files first. Accepting releases the payment.',
  },
  refund: {
    button: 'Request refund',
    why: 'The minter missed its deadline: price and collateral are refunded, and its penalty is paid to you.',
  },
  standBy: { button: 'Stand by the delivery', why: 'Only the minter can do this.' },
  close: {
    button: 'Close the copy',
    why: 'Closing starts the thawing period. Your collateral is returned after it, and the leak bond slowly.',
  },
  withdraw: {
    button: 'Withdraw collateral',
    why: 'Part of the collateral has been released.',
  },
}

export function CopyActions({ copy, isBuyer }: { copy: CopyView; isBuyer: boolean }) {
  const { contracts } = useChain()
  const queries = useQueryClient()
  const now = useProtocolTime()
  const thaw = useProtocolSeconds('thaw')
  const { state, send, reset } = useTransaction(`copy.${copy.id}`)
  const actions = now === null ? [] : availableActions(copy, isBuyer, now)
  const busy = isUnderWay(state)
  const included = state.stage === 'included'

  const indexed = useIndexed(blockOf(state))

  // The page shows what the action did before the next can be taken, also when a reload resumed this one.
  useEffect(() => {
    if (indexed !== 'waiting') queries.invalidateQueries({ queryKey: ['copy', copy.id] }).then(reset)
  }, [indexed, queries, copy.id, reset])

  const runAction = (action: CopyAction) =>
    send(async () => {
      const { copyWrite } = await loadPart(import('@/lib/chain/writes/build'))
      return copyWrite(contracts.copyRegistry, action, copy.id)
    })
  if (actions.length === 0 && state.stage === 'idle') return null
  return (
    <div className="mt-6 space-y-3">
      <RightNetwork>
        {actions.map((action) => (
          <div key={action} className="space-y-2">
            <p className="text-sm text-muted">{labels[action].why}</p>
            {action === 'close' ? (
              <Confirm
                title={`Close copy ${copy.id}?`}
                action="Close copy"
                onConfirm={() => runAction('close')}
                trigger={(open) => (
                  <Button variant="secondary" className="w-full" busy={busy || included} onClick={open}>
                    {labels.close.button}
                  </Button>
                )}
              >
                Your licence to serve this copy ends now and cannot be restored. After the thawing period
                {thaw !== null && ` of ${formatDuration(thaw)}`},{' '}
                <Amount value={copy.collateral > copy.leakBond ? copy.collateral - copy.leakBond : 0n} /> are returned,
                and the leak bond of <Amount value={copy.leakBond} /> over {formatDuration(copy.leakTail)}, unless an
                offence is in dispute.
              </Confirm>
            ) : (
              <Button className="w-full" busy={busy || included} onClick={() => runAction(action)}>
                {labels[action].button}
              </Button>
            )}
          </div>
        ))}
      </RightNetwork>
      <TransactionNote state={state} />
    </div>
  )
}
