'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { PaymentSplit } from '@/components/models/payment-split'
import { PriceTable } from '@/components/models/price-table'
import { useRefresh } from '@/components/models/use-refresh'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Link } from '@/components/ui/link'
import { Step } from '@/components/ui/step'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { ConnectButton } from '@/components/wallet/connect-button'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { blockOf, isUnderWay } from '@/components/wallet/transaction-state'
import { useIndexed } from '@/components/wallet/use-indexed'
import { useProtocolSeconds } from '@/components/wallet/use-protocol-time'
import type { CopyId } from '@/lib/chain/ids'
import { formatDuration } from '@/lib/format/times'

import type { ModelPage } from '@/lib/market/read/views'
import { InsufficientBalance } from './insufficient-balance'
import { QuoteStep } from './quote-step'
import { useBalances } from './use-balances'
import { useOrder } from './use-order'
import { useQuote } from './use-quote'

type Props = { model: ModelPage /** The account’s copies of this model that the index knows. */; owned: CopyId[] }

export function BuyView({ model, owned }: Props) {
  const account = useSession()
  const router = useRouter()
  const quote = useQuote(model, account)
  const fee = BigInt(quote.signed?.quote.fee ?? 0)
  const total = model.terms.price + fee + model.terms.collateral
  const balances = useBalances(account, total)
  const acceptWindow = useProtocolSeconds('acceptWindow')
  const { state, order, copyId, another } = useOrder(model, account, quote.signed)
  const [wantsAnother, setWantsAnother] = useState(false)
  const earlier = state.stage === 'included' && state.earlier ? copyId : undefined
  const have = account
    ? (earlier ?? quote.known ?? (state.stage === 'idle' && !wantsAnother ? owned.at(-1) : undefined))
    : undefined
  const ordered = copyId !== undefined && earlier === undefined
  const busy = isUnderWay(state) || ordered

  const isSold = model.keyPoolRoot !== null
  useRefresh(!isSold)

  const indexed = useIndexed(blockOf(state))

  useEffect(() => {
    if (ordered && indexed === 'indexed') router.push(`/copies/${copyId}`)
  }, [copyId, ordered, indexed, router])

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
              balances.error ? (
                <Callout
                  key="error"
                  tone="danger"
                  action={
                    <Button size="small" variant="secondary" onClick={() => balances.refresh()}>
                      Try again
                    </Button>
                  }
                >
                  <span>{balances.error} </span>
                  <span>It is asked again by itself.</span>
                </Callout>
              ) : (
                <p className="text-sm text-muted">Asking the chain for your balance…</p>
              )
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
        <Step number={4} title="Order" locked={!quote.signed && !have} done={ordered}>
          <div className="space-y-4">
            <ol className="list-decimal space-y-1 pl-5 text-sm text-muted">
              <li>
                You sign a permit for exactly <Amount value={total} />. This is free.
              </li>
              <li>You sign the order. If the price or the terms change first, it fails and no USDC is paid.</li>
            </ol>
            {have ? (
              <Callout
                key="have"
                tone="verified"
                action={
                  <Button
                    size="small"
                    variant="secondary"
                    onClick={() => {
                      setWantsAnother(true)
                      another()
                      quote.ask()
                    }}
                  >
                    Order another copy
                  </Button>
                }
              >
                <Link href={`/copies/${have}`} className="underline underline-offset-4">
                  You already have copy {have}
                </Link>
              </Callout>
            ) : (
              <RightNetwork key="pay">
                <Button size="large" onClick={order} busy={busy} disabled={!balances.sufficient || !quote.signed}>
                  <span>
                    Sign and pay <Amount value={total} unit={false} className="text-inherit" /> USDC
                  </span>
                </Button>
              </RightNetwork>
            )}
            {!earlier && <TransactionNote state={state} included="Ordered" />}
            {ordered && (
              <p className="text-sm text-muted">
                <span>Opening </span>
                <Link href={`/copies/${copyId}`} className="underline underline-offset-4">
                  copy {copyId}
                </Link>
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
          <PaymentSplit
            price={model.terms.price}
            cuts={model.cuts}
            ancestors={model.ancestors}
            entered={model.entered}
          />
        </Panel>
      </div>
    </div>
  )
}
