'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { Amount } from '@/components/ui/amount'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { Empty } from '@/components/ui/empty'
import { Figure, Table } from '@/components/ui/table'
import { Tip } from '@/components/ui/tip'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useTransaction } from '@/components/wallet/use-transaction'
import { claimCall } from '@/lib/chain/claim'
import type { Earnings } from '@/lib/market/types'
import type { Usdc6 } from '@/lib/money/usdc'
import { Ledger } from './ledger'

const sum = (amounts: Usdc6[]) => amounts.reduce((total, amount) => total + amount, 0n)

export function EarningsView({ earnings }: { earnings: Earnings }) {
  if (earnings.models.length === 0 && earnings.credit === 0n)
    return (
      <Empty
        title="Nothing earned yet"
        action={
          <Button asChild>
            <Link href="/publish">Publish a model</Link>
          </Button>
        }
      >
        You earn when you hold shares of a model: from every copy sold, and from every sale of a model that descends
        from it.
      </Empty>
    )
  return (
    <div className="space-y-6">
      <ClaimAll earnings={earnings} />
      <ByModel earnings={earnings} />
      <Ledger lines={earnings.lines} />
    </div>
  )
}

function ClaimAll({ earnings }: { earnings: Earnings }) {
  const { contracts } = useChain()
  const router = useRouter()
  const { life, send } = useTransaction('claim')
  const total = sum(earnings.models.map((model) => model.claimable + model.flowable)) + earnings.credit
  const busy = life.stage === 'wallet' || life.stage === 'pending'
  const { account, flows } = earnings
  const models = earnings.models.filter((model) => model.claimable + model.flowable > 0n).map(({ id }) => id)
  const included = life.stage === 'included'

  // The chain has it; read again until the market has it too.
  useEffect(() => {
    if (!included) return
    const timers = [0, 1_000, 3_000].map((wait) => setTimeout(() => router.refresh(), wait))
    return () => timers.forEach(clearTimeout)
  }, [included, router])

  return (
    <Panel title="Ready to claim">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <p className="text-3xl font-semibold tracking-tight">
            <Amount value={total} />
          </p>
          <p className="mt-1 text-sm text-muted">
            Royalties that wait with children are brought up and claimed in the same signature.
          </p>
        </div>
        <RightNetwork>
          <Button
            size="large"
            busy={busy}
            disabled={total === 0n}
            onClick={() => send(async () => claimCall(contracts.treasury, { account, flows, models }))}
          >
            Claim all
          </Button>
        </RightNetwork>
      </div>
      {life.stage !== 'idle' && (
        <div className="mt-4">
          <TransactionNote life={life} included="Claimed" />
        </div>
      )}
    </Panel>
  )
}

function ByModel({ earnings }: { earnings: Earnings }) {
  return (
    <Panel title="By model">
      <Table
        label="Earnings by model"
        head={
          <>
            <th scope="col">Model</th>
            <th scope="col" className="text-right">
              Your shares
            </th>
            <th scope="col" className="text-right">
              Claimable
            </th>
            <th scope="col" className="text-right">
              With children{' '}
              <Tip label="What waits with children">
                Royalties owed by this model’s children that nobody has moved up yet. Claiming moves them first.
              </Tip>
            </th>
            <th scope="col" className="text-right">
              Claimed
            </th>
          </>
        }
      >
        {earnings.models.map((model) => (
          <tr key={model.id}>
            <td>
              <Link href={`/models/${model.id}`} className="font-medium underline-offset-4 hover:underline">
                {model.name}
              </Link>
            </td>
            <Figure>{(model.shares / 10n ** 18n).toLocaleString('en')}</Figure>
            <Figure>
              <Amount value={model.claimable} />
            </Figure>
            <Figure>
              <Amount value={model.flowable} />
            </Figure>
            <Figure>
              <Amount value={model.claimed} />
            </Figure>
          </tr>
        ))}
        {earnings.credit > 0n && (
          <tr>
            <td className="text-muted">Cuts credited to your account</td>
            <td />
            <Figure>
              <Amount value={earnings.credit} />
            </Figure>
            <td />
            <td />
          </tr>
        )}
      </Table>
    </Panel>
  )
}
