'use client'

import type { ReactNode } from 'react'
import { Callout } from '@/components/ui/callout'
import { Progress } from '@/components/ui/progress'
import { Hash } from '@/components/values/hash'
import { Time } from '@/components/values/time'
import { shortHash } from '@/lib/format/hashes'
import { useChain } from './chain'
import type { TransactionState, Unsure } from './transaction-state'

/**
 * The stage of a transaction in one sentence. Each stage is an element of its own: a browser’s translator takes texts out
 * of React’s hands, and an old text must not stay beside a new fact.
 */
export function TransactionNote({ state, included }: { state: TransactionState; included?: string }) {
  if (state.stage === 'idle') return null
  return (
    <div key={state.stage} className="space-y-2">
      <Stage state={state} included={included} />
      {'trouble' in state && state.trouble && (
        <Callout tone="warning">
          <span>{state.trouble} </span>
          <span>It is asked again by itself.</span>
        </Callout>
      )}
    </div>
  )
}

function Stage({ state, included }: { state: TransactionState; included?: string }) {
  switch (state.stage) {
    case 'idle':
      return null
    case 'wallet':
      return <Callout>Confirm in your wallet.</Callout>
    case 'pending':
      return (
        <div className="rounded-lg bg-sunken p-3 text-sm" role="status">
          <Progress label="Sent. Waiting for a block." done={null} />
          <p className="mt-2 text-muted">
            <span>You can close this page. </span>
            <TransactionHash value={state.hash} />
          </p>
        </div>
      )
    case 'unsure':
      return <UnsureNote key={state.why} state={state} />
    case 'included':
      return (
        <Callout tone="verified">
          <span>
            {included ?? 'Included'} in block {state.receipt.blockNumber.toString()}.{' '}
          </span>
          <TransactionHash value={state.hash} />
        </Callout>
      )
    case 'reverted':
      return (
        <Ended hash={state.hash} tone="danger">
          The transaction was reverted. Only the network fee was spent.
        </Ended>
      )
    case 'cancelled':
      return (
        <Ended hash={state.hash}>Cancelled; nothing paid. Another transaction took its place in your wallet.</Ended>
      )
    case 'expired':
      return <Ended hash={state.hash}>It came too late, and nothing was paid. You can try again.</Ended>
    case 'failed':
      return <Callout tone="danger">{state.message}</Callout>
  }
}

function Ended({
  hash,
  tone = 'warning',
  children,
}: {
  hash: string | null
  tone?: 'warning' | 'danger'
  children: string
}) {
  return (
    <Callout tone={tone}>
      <span>{children} </span>
      {hash && <TransactionHash value={hash} />}
    </Callout>
  )
}

const unsureTexts: Record<Unsure['why'], string> = {
  silent:
    'Your wallet did not say whether it sent this. Look at the activity in your wallet: what it sends appears here by itself.',
  missing:
    'The chain does not know this transaction. Your wallet may still be sending it, or to another network: look at the activity in your wallet.',
  dropped:
    'The network dropped this transaction, and your wallet may send it again. Cancel it in your wallet to try again at once.',
}

function UnsureNote({ state: { why, hash, until } }: { state: Unsure }) {
  return (
    <Callout tone="warning">
      <p>{unsureTexts[why]}</p>
      <p className="mt-1">
        {until === null ? (
          <span>You can try again: it cannot happen twice.</span>
        ) : (
          <span>
            So that you do not pay twice, you can try again after <Time at={until} precise />, when it can no longer be
            paid.
          </span>
        )}{' '}
        {hash && <TransactionHash value={hash} />}
      </p>
    </Callout>
  )
}

function TransactionHash({ value }: { value: string }): ReactNode {
  const { explorerUrl } = useChain()
  if (!explorerUrl) return <Hash value={value} label="transaction hash" />
  return (
    <a className="font-mono underline" href={`${explorerUrl}/tx/${value}`} target="_blank" rel="noreferrer">
      {shortHash(value)}
    </a>
  )
}
