'use client'

import { useEffect, useState } from 'react'
import { InsufficientBalance } from '@/components/buy/insufficient-balance'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Field } from '@/components/ui/field'
import { Amount } from '@/components/values/amount'
import { Time } from '@/components/values/time'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { isUnderWay } from '@/components/wallet/transaction-state'
import { useTransaction } from '@/components/wallet/use-transaction'
import { useAccount } from '@/components/wallet/wallet'
import { loadPart } from '@/lib/browser/load-part'
import { KinmarkError, messageOf } from '@/lib/error'
import { numberFormat } from '@/lib/format/formats'
import { parseUsdc } from '@/lib/format/parse-usdc'
import type { HostView } from '@/lib/market/read/views'
import type { ChatMoney } from './read-money'
import type { SessionPlace } from './stored-session'

type Props = {
  host: HostView
  place: SessionPlace
  money: ChatMoney
  onChange: () => Promise<unknown>
  /** Adds to what is reserved. */
  more?: boolean
}

/** Deposits, reserves and names this browser’s key in one transaction. */
export function OpenSession({ host, place, money, onChange, more = false }: Props) {
  const chain = useChain()
  const { config } = useAccount()
  const [text, setText] = useState('1.00')
  const { state, send, reset } = useTransaction(`chat.open.${host.copyId}`)
  const parsed = parse(text)
  const amount = parsed.amount ?? 0n
  const missing = amount > money.balance ? amount - money.balance : 0n
  const poor = money.usdc < missing || money.eth === 0n
  const included = state.stage === 'included'
  useEffect(() => {
    if (included) onChange().then(reset)
  }, [included, onChange, reset])
  const open = () =>
    send(async () => {
      if (!config) throw new KinmarkError('wallet.not-connected')
      const { prepareSession } = await loadPart(import('./prepare-session'))
      return prepareSession(config, { chain, place, amount })
    })
  return (
    <div className="space-y-4">
      {!more && (
        <p className="max-w-prose text-sm text-muted">
          Reserve an amount for this host. This page then pays for each answer with a key of its own, which can promise
          no more than that, to this host only. What is left comes back when you ask for it.
        </p>
      )}
      {money.leavesAt !== null && (
        <Callout tone="warning">
          You have asked for <Amount value={money.reserved} /> back, from <Time at={money.leavesAt} precise />.
          Reserving again takes that request back.
        </Callout>
      )}
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (parsed.amount !== null && !isUnderWay(state)) open()
        }}
      >
        <Field
          label={more ? 'Reserve more' : 'Amount to reserve'}
          unit="USDC"
          inputMode="decimal"
          value={text}
          error={parsed.error}
          onChange={(event) => setText(event.target.value)}
          className="w-48"
        />
        <RightNetwork>
          <Button type="submit" busy={isUnderWay(state) || included} disabled={parsed.amount === null || poor}>
            {more ? 'Reserve' : 'Reserve and start'}
          </Button>
        </RightNetwork>
      </form>
      <p className="text-xs text-muted">
        <Amount value={host.price} /> for a million tokens
        {amount > 0n && host.price > 0n && <>: enough for {tokens((amount * 1_000_000n) / host.price)} tokens</>}.
        {money.balance > 0n && (
          <>
            {' '}
            <Amount value={money.balance} /> of it come out of your deposit.
          </>
        )}
      </p>
      {poor && parsed.amount !== null && (
        <InsufficientBalance account={place.user} balance={money.usdc} needed={missing} onFunded={onChange} />
      )}
      <TransactionNote state={state} included="Reserved" />
    </div>
  )
}

const tokens = (count: bigint) => numberFormat('en').format(count)

function parse(text: string): { amount: bigint | null; error: string | null } {
  try {
    const amount = parseUsdc(text)
    if (amount <= 0n || amount >= 2n ** 63n) return { amount: null, error: null }
    return { amount, error: null }
  } catch (error) {
    return { amount: null, error: messageOf(error) }
  }
}
