'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { PriceTable } from '@/components/models/price-table'
import { WhoEarns } from '@/components/models/who-earns'
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
import type { ModelPage } from '@/lib/market/read/views'
import { InsufficientBalance } from './insufficient-balance'
import { useBalances } from './use-balances'
import { useOrder } from './use-order'

export function BuyView({ model }: { model: ModelPage }) {
  const account = useSession()
  const router = useRouter()
  const total = model.terms.price + model.terms.collateral
  const balances = useBalances(account, total)
  const { state, order, copyId } = useOrder(model, account)
  const busy = state.stage === 'wallet' || state.stage === 'pending' || copyId !== undefined

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
              <p className="text-sm text-muted">Signing in costs nothing. Only you can download your copy.</p>
            </div>
          )}
        </Step>
        <Step number={2} title="Money" locked={!account} done={balances.sufficient}>
          {account &&
            (balances.usdc === undefined ? (
              <p className="text-sm text-muted">Asking the chain for your balance…</p>
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
        <Step number={3} title="Order" locked={!account} done={copyId !== undefined}>
          <div className="space-y-4">
            <ol className="list-decimal space-y-1 pl-5 text-sm text-muted">
              <li>A secret seed of yours is stored, so that you and the minter both shape the fingerprint.</li>
              <li>
                You sign a permit for exactly <Amount value={total} />. This costs nothing.
              </li>
              <li>
                You sign the order. The price and these terms are pinned: if either changes first, nothing is paid.
              </li>
            </ol>
            <RightNetwork>
              <Button size="large" onClick={order} busy={busy} disabled={!balances.sufficient}>
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
          <PriceTable terms={model.terms} />
          <Callout className="mt-4">
            Not delivered in time? Everything comes back. Delivered: you have a day to check it, and the collateral
            comes back after you close the copy.
          </Callout>
        </Panel>
        <Panel title="Who earns what of the price">
          <WhoEarns price={model.terms.price} cuts={model.cuts} edges={model.edges} />
        </Panel>
      </div>
    </div>
  )
}
