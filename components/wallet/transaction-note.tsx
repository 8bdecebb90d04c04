'use client'

import { Callout } from '@/components/ui/callout'
import { Progress } from '@/components/ui/progress'
import { Hash } from '@/components/values/hash'
import { shortHash } from '@/lib/format/hashes'
import { useChain } from './chain'
import type { TransactionState } from './transaction-state'

/** The stage of a transaction in one sentence. */
export function TransactionNote({ state, included }: { state: TransactionState; included?: string }) {
  switch (state.stage) {
    case 'idle':
      return null
    case 'wallet':
      return <Callout>Confirm in your wallet. Nothing has been sent yet.</Callout>
    case 'pending':
      return (
        <div className="rounded-lg bg-sunken p-3 text-sm" role="status">
          <Progress label="Sent. Waiting for a block." done={null} />
          <p className="mt-2 text-muted">
            You can close this page. <TransactionHash value={state.hash} />
          </p>
        </div>
      )
    case 'included':
      return state.receipt.status === 'success' ? (
        <Callout tone="verified">
          {included ?? 'Included'} in block {state.receipt.blockNumber.toString()}.{' '}
          <TransactionHash value={state.hash} />
        </Callout>
      ) : (
        <Callout tone="danger">
          The transaction was reverted. Only the network fee was spent. <TransactionHash value={state.hash} />
        </Callout>
      )
    case 'failed':
      return <Callout tone="danger">{state.message}</Callout>
  }
}

function TransactionHash({ value }: { value: string }) {
  const { explorerUrl } = useChain()
  if (!explorerUrl) return <Hash value={value} label="transaction hash" />
  return (
    <a className="font-mono underline" href={`${explorerUrl}/tx/${value}`} target="_blank" rel="noreferrer">
      {shortHash(value)}
    </a>
  )
}
