'use client'

import { Callout } from '@/components/ui/callout'
import { CopyText } from '@/components/ui/copy-text'
import { Progress } from '@/components/ui/progress'
import { useChain } from './chain'
import type { TransactionState } from './transaction-state'

/** Says where a transaction is in its state, in one sentence. */
export function TransactionNote({ state, included }: { state: TransactionState; included?: string }) {
  switch (state.stage) {
    case 'idle':
      return null
    case 'wallet':
      return <Callout>Your wallet asks you to sign. Nothing has been sent yet.</Callout>
    case 'pending':
      return (
        <div className="rounded-lg bg-sunken p-3 text-sm" role="status">
          <Progress label="Sent. Waiting for a block." done={null} />
          <p className="mt-2 text-muted">
            You may close this page. <Hash value={state.hash} />
          </p>
        </div>
      )
    case 'included':
      return state.receipt.status === 'success' ? (
        <Callout tone="verified">
          {included ?? 'Included'} in block {state.receipt.blockNumber.toString()}. <Hash value={state.hash} />
        </Callout>
      ) : (
        <Callout tone="danger">
          The chain took the transaction and refused what it asked. Only the network fee was spent.{' '}
          <Hash value={state.hash} />
        </Callout>
      )
    case 'failed':
      return <Callout tone="danger">{state.message}</Callout>
  }
}

function Hash({ value }: { value: string }) {
  const { explorerUrl } = useChain()
  const shown = `${value.slice(0, 8)}…${value.slice(-6)}`
  if (!explorerUrl) return <CopyText value={value} shown={shown} label="transaction hash" />
  return (
    <a className="font-mono underline" href={`${explorerUrl}/tx/${value}`} target="_blank" rel="noreferrer">
      {shown}
    </a>
  )
}
