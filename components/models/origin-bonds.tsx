'use client'

import { Button } from '@/components/ui/button'
import { Fact, Facts } from '@/components/ui/facts'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { Time } from '@/components/values/time'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useProtocolTime } from '@/components/wallet/use-protocol-time'
import { useWrite } from '@/components/wallet/use-write'
import type { ModelId } from '@/lib/chain/ids'
import { isSameAddress } from '@/lib/format/addresses'
import type { OriginBond } from '@/lib/market/read/views'

export function OriginBondList({ modelId, bonds }: { modelId: ModelId; bonds: OriginBond[] }) {
  const now = useProtocolTime()
  return (
    <Facts>
      {bonds.map((bond) => (
        <Fact key={bond.version} name={`Version ${bond.version}`}>
          <Bond modelId={modelId} bond={bond} now={now} />
        </Fact>
      ))}
    </Facts>
  )
}

type Props = { modelId: ModelId; bond: OriginBond; now: number | null }

function Bond({ modelId, bond, now }: Props) {
  const account = useSession()
  const { version, until, owner } = bond
  const released = until !== null && now !== null && now >= until
  // Of a version that is not published yet, its owner only.
  const mayClaim = account !== null && (released || (until === null && isSameAddress(account, owner)))
  return (
    <div className="flex flex-col items-end gap-2">
      <span>
        <BondState bond={bond} released={released} /> · <Account address={owner} label="owner of the bond" />
      </span>
      {mayClaim && bond.amount > 0n && <ClaimBond modelId={modelId} version={version} />}
    </div>
  )
}

function BondState({ bond: { amount, taken, until }, released }: { bond: OriginBond; released: boolean }) {
  if (taken > 0n)
    return (
      <>
        <Amount value={taken} /> lost to a case
      </>
    )
  if (amount === 0n) return 'returned'
  if (until === null)
    return (
      <>
        <Amount value={amount} /> waits for this version
      </>
    )
  return (
    <>
      <Amount value={amount} /> {released ? 'can be claimed since ' : 'locked until '}
      <Time at={until} precise />
    </>
  )
}

function ClaimBond({ modelId, version }: { modelId: ModelId; version: number }) {
  const { contracts } = useChain()
  const { state, run, busy } = useWrite('origins', `origin.claim.${modelId}.${version}`)
  const claim = () => run(({ originBondWrite }) => originBondWrite(contracts.origins, modelId, version))
  return (
    <>
      <RightNetwork>
        <Button size="small" variant="secondary" busy={busy} onClick={claim}>
          Return the bond
        </Button>
      </RightNetwork>
      <TransactionNote state={state} />
    </>
  )
}
