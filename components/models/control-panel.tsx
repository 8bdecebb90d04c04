'use client'

import type { Address } from 'viem'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Fact, Facts } from '@/components/ui/facts'
import { Account } from '@/components/values/account'
import { Figure } from '@/components/values/figure'
import { Time } from '@/components/values/time'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import { isSameAddress } from '@/lib/format/addresses'
import type { ModelPage } from '@/lib/market/read/views'

const half = 500_000n * 10n ** 18n

/** Who decides for a model, and how that changes. */
export function ControlPanel({ model }: { model: ModelPage }) {
  const account = useSession()
  const { state, run, busy } = useWrite('caseCourt', `announce.${model.id}`)
  const { control, holders } = model
  const own = holders.find(({ account: holder }) => account && isSameAddress(holder, account))?.shares ?? 0n
  const announced = control.majority && account && isSameAddress(control.majority.holder, account)
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
    </div>
  )
}
