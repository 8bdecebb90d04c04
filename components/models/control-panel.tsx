'use client'

import type { Address } from 'viem'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Fact, Facts } from '@/components/ui/facts'
import { Account } from '@/components/values/account'
import { Figure } from '@/components/values/figure'
import { Time } from '@/components/values/time'
import { Queries } from '@/components/wallet/queries'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import { isSameAddress } from '@/lib/format/addresses'
import type { ModelPage } from '@/lib/market/read/views'
import { Ballots } from './ballots'
import { DecisionForm } from './decision-form'

const half = 500_000n * 10n ** 18n
/** Whoever has a hundredth of the shares may propose. */
const hundredth = 10_000n * 10n ** 18n

/** Who decides for a model, and how that changes. */
export function ControlPanel({ model }: { model: ModelPage }) {
  const account = useSession()
  const { state, run, busy } = useWrite('caseCourt', `announce.${model.id}`)
  const { control, holders } = model
  const own = holders.find(({ account: holder }) => account && isSameAddress(holder, account))?.shares ?? 0n
  const announced = control.majority && account && isSameAddress(control.majority.holder, account)
  const decides = account && (control.byVotes ? own >= hundredth : isSameAddress(control.controller, account))
  const announce = (holder: Address) => run(({ announceWrite }) => announceWrite(model.shares, holder))
  return (
    <div className="space-y-5">
      <Facts>
        <Fact name="Decides now">
          {control.byVotes ? (
            'the holders, by votes'
          ) : (
            <Account address={control.controller} label="controller’s address" />
          )}
        </Fact>
        {control.majority && control.byVotes && (
          <Fact name="Has announced a majority">
            <Account address={control.majority.holder} label="holder’s address" />, decides from{' '}
            <Time at={control.majority.decidesFrom} precise />
          </Fact>
        )}
        <Fact name="May mint it">
          {model.minters.length === 0
            ? 'nobody'
            : model.minters.map((minter) => <Account key={minter} address={minter} label="minter’s address" />)}
        </Fact>
        {holders.slice(0, 5).map((holder) => (
          <Fact key={holder.account} name={<Account address={holder.account} label="holder’s address" />}>
            <Figure shares={holder.shares} />
          </Fact>
        ))}
      </Facts>
      <Callout>
        A holder of more than half of the shares decides alone, an epoch after it has announced itself, for as long as
        it keeps them. Without such a holder the model’s governor decides, by votes. Selling half of the shares hands
        over.
      </Callout>
      {account && own > half && !announced && (
        <RightNetwork>
          <Button busy={busy} onClick={() => announce(account)}>
            Announce your majority
          </Button>
        </RightNetwork>
      )}
      <TransactionNote state={state} />
      {control.byVotes && (
        <section className="space-y-3">
          <h3 className="text-sm font-semibold">Proposals</h3>
          <Queries>
            <Ballots model={model} />
          </Queries>
        </section>
      )}
      {decides && (
        <section className="space-y-3">
          <h3 className="text-sm font-semibold">{control.byVotes ? 'Propose a decision' : 'Decide'}</h3>
          <DecisionForm model={model} />
        </section>
      )}
    </div>
  )
}
