'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { Amount } from '@/components/values/amount'
import { Time } from '@/components/values/time'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { blockOf, isUnderWay } from '@/components/wallet/transaction-state'
import { useIndexed } from '@/components/wallet/use-indexed'
import { useTransaction } from '@/components/wallet/use-transaction'
import { loadPart } from '@/lib/browser/load-part'
import type { Earnings } from '@/lib/market/read/views'
import type { Usdc6 } from '@/lib/money/usdc'

const sum = (amounts: Usdc6[]) => amounts.reduce((total, amount) => total + amount, 0n)

/** Claims everything that has accrued, from every model and from the account’s credit, in one transaction. */
export function ClaimAll({ earnings }: { earnings: Earnings }) {
  const { contracts } = useChain()
  const router = useRouter()
  const { state, send } = useTransaction('claim')
  const total = sum(earnings.models.map(({ claimable }) => claimable)) + earnings.credit
  const accruing = sum(earnings.models.map((model) => model.accruing))
  const accruesUntil = Math.max(...earnings.models.map((model) => model.accruesUntil ?? 0))
  const busy = isUnderWay(state)
  const isEmpty = total === 0n
  const { account } = earnings
  const models = earnings.models.filter(({ claimable }) => claimable > 0n).map(({ id }) => id)
  const indexed = useIndexed(blockOf(state))
  const claim = () =>
    send(async () => {
      const { claimWrite } = await loadPart(import('@/lib/chain/writes/build'))
      return claimWrite(contracts.treasury, account, models)
    })

  useEffect(() => {
    if (indexed === 'indexed') router.refresh()
  }, [indexed, router])

  if (earnings.models.length === 0 && earnings.credit === 0n && state.stage === 'idle') return null
  return (
    <Panel title="Ready to claim">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <p className="text-3xl font-semibold tracking-tight">
            <Amount value={total} />
          </p>
          {accruing > 0n && (
            <p className="mt-1 text-sm text-muted">
              <Amount value={accruing} /> more accrues until <Time at={accruesUntil} precise />
            </p>
          )}
        </div>
        <RightNetwork>
          {/* After a claim it keeps the focus, though there is nothing more to claim. */}
          <Button
            size="large"
            busy={busy}
            disabled={isEmpty && state.stage === 'idle'}
            aria-disabled={isEmpty || busy || undefined}
            onClick={isEmpty ? undefined : claim}
          >
            Claim all
          </Button>
        </RightNetwork>
      </div>
      {state.stage !== 'idle' && (
        <div className="mt-4">
          <TransactionNote state={state} included="Claimed" />
        </div>
      )}
    </Panel>
  )
}
