'use client'

import { useOriginBond } from '@/components/publish/use-origin-bond'
import { Button } from '@/components/ui/button'
import { Amount } from '@/components/values/amount'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import type { ModelPage } from '@/lib/market/read/views'

/** Where the holders vote, somebody puts up the bond of the version that they decide on: their governor has no money. */
export function PutUpBond({ model }: { model: ModelPage }) {
  const account = useSession()
  const { contracts } = useChain()
  const bond = useOriginBond()
  const { state, run, busy } = useWrite('origins', `origin.put-up.${model.id}`)
  const waits = model.bonds.some(({ until, amount }) => until === null && amount > 0n)
  if (!account || !bond || !model.control.byVotes || waits) return null
  const version = model.version + 1
  const putUp = () =>
    run(({ putUpBondWrite }) => putUpBondWrite(contracts.origins, model.id, version, account), bond.amount)
  return (
    <div className="space-y-3">
      <p className="text-sm text-muted">
        The holders can vote for a version {version} once somebody has put up its bond. It is yours: you may take it
        back until the version is published, and when its time is over.
      </p>
      <RightNetwork>
        <Button variant="secondary" size="small" busy={busy} onClick={putUp}>
          Put up <Amount value={bond.amount} />
        </Button>
      </RightNetwork>
      <TransactionNote state={state} />
    </div>
  )
}
