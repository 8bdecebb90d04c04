'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { PaymentSplit } from '@/components/models/payment-split'
import { PriceTable } from '@/components/models/price-table'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Step } from '@/components/ui/step'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { ConnectButton } from '@/components/wallet/connect-button'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { blockOf } from '@/components/wallet/transaction-state'
import { useIndexed } from '@/components/wallet/use-indexed'
import { useProtocolSeconds } from '@/components/wallet/use-protocol-time'
import { formatDuration } from '@/lib/format/times'
import type { ModelPage } from '@/lib/market/read/views'
import { InsufficientBalance } from './insufficient-balance'
import { QuoteStep } from './quote-step'
import { useBalances } from './use-balances'
import { useOrder } from './use-order'
import { useQuote } from './use-quote'

/** While the key pool is made, the page asks again this often. */
const refreshMs = 1_500

export function BuyView({ model }: { model: ModelPage }) {
  const account = useSession()
  const router = useRouter()
  const quote = useQuote(model, account)
  const fee = BigInt(quote.signed?.quote.fee ?? 0)
  const total = model.terms.price + fee + model.terms.collateral
  const balances = useBalances(account, total)
  const acceptWindow = useProtocolSeconds('acceptWindow')
  const { state, order, copyId } = useOrder(model, account, quote.signed)
  const busy = state.stage === 'wallet' || state.stage === 'pending' || copyId !== undefined

  const isSold = model.keyPoolRoot !== null
  useEffect(() => {
    if (isSold) return
    const timer = setInterval(() => router.refresh(), refreshMs)
    return () => clearInterval(timer)
  }, [isSold, router])

  const indexed = useIndexed(blockOf(state))

  useEffect(() => {
    if (copyId && indexed === 'indexed') router.push(`/copies/${copyId}`)
  }, [copyId, indexed, router])

  return (
    <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="min-w-0 space-y-4">
        <Step number={1} title="Connect and sign in" done={account !== null}>
          {account ? (
            <p className="text-sm text-muted">
              Signed in as <Account address={account} />
            </p>
          ) : (
            <div className="flex flex-wrap items-center gap-3">
              <ConnectButton />
              <p className="text-sm text-muted">Signing in is free. Only you can download your copy.</p>
            </div>
          )}
        </Step>
        <Step number={2} title="Quote" locked={!account} done={quote.signed !== null}>
          {account && <QuoteStep model={model} quote={quote} />}
        </Step>
        <Step number={3} title="Balance" locked={!account} done={balances.sufficient}>
          {account &&
            (balances.usdc === undefined ? (
              <p className="text-sm text-muted">Loading your balance…</p>
            ) : balances.sufficient ? (
              <p className="text-sm text-muted">
                You have <Amount value={balances.usdc} />, enough for <Amount value={total} />.
              </p>
            ) : (
              <InsufficientBalance
                account={account}
                balance={balances.usdc}
                needed={total}
                onFunded={balances.refresh}
              />
            ))}
        </Step>
        <Step number={4} title="Order" locked={!quote.signed} done={copyId !== undefined}>
          <div className="space-y-4">
            <ol className="list-decimal space-y-1 pl-5 text-sm text-muted">
              <li>
                You sign a permit for exactly <Amount value={total} />. This is free.
              </li>
              <li>You sign the order. If the price or the terms change first, it fails and no USDC is paid.</li>
            </ol>
            <RightNetwork>
              <Button size="large" onClick={order} busy={busy} disabled={!balances.sufficient || !quote.signed}>
                Sign and pay <Amount value={total} unit={false} className="text-inherit" /> USDC
              </Button>
            </RightNetwork>
            <TransactionNote state={state} included="Ordered" />
            {copyId && (
              <p className="text-sm text-muted">
                Opening{' '}
                <Link href={`/copies/${copyId}`} className="underline underline-offset-4">
                  copy {copyId}
                </Link>
                …
              </p>
            )}
          </div>
        </Step>
      </div>
      <div className="space-y-4 lg:sticky lg:top-22">
        <Panel title="What you pay">
          <PriceTable terms={model.terms} fee={fee} leakTail={model.leakTail} />
          <Callout className="mt-4">
            If the copy is not delivered in time, you get everything back, and the minter’s penalty. After delivery, you
            have {acceptWindow === null ? 'time' : formatDuration(acceptWindow)} to check it, and may refuse it. The
            collateral is returned after you close the copy, the leak bond slowly.
          </Callout>
        </Panel>
        <Panel title="How the price is split">
          <PaymentSplit price={model.terms.price} cuts={model.cuts} ancestors={model.ancestors} />
        </Panel>
      </div>
    </div>
  )
}
