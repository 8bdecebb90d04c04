'use client'

import { useEffect } from 'react'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { Fact, Facts } from '@/components/ui/facts'
import { Amount } from '@/components/values/amount'
import { Time } from '@/components/values/time'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { isUnderWay } from '@/components/wallet/transaction-state'
import { useTransaction } from '@/components/wallet/use-transaction'
import type { Write } from '@/components/wallet/write'
import { loadPart } from '@/lib/browser/load-part'
import type { CopyId } from '@/lib/chain/ids'
import type { HostView } from '@/lib/market/read/views'
import type { ChatMoney } from './read-money'
import type { SessionPlace } from './stored-session'

type Props = { host: HostView; place: SessionPlace; money: ChatMoney; onChange: () => Promise<unknown> }
type Builders = typeof import('@/lib/chain/writes/build')

/** What a user has set aside for this host, and the way back of what is left. */
export function LeaveSession({ host, place, money, onChange }: Props) {
  const { contracts } = useChain()
  const { userLedger } = contracts
  const { reserved, leavesAt, balance, time } = money
  if (reserved === 0n && balance === 0n) return null
  const id = host.copyId as CopyId
  const released = leavesAt !== null && time >= BigInt(leavesAt)
  return (
    <Panel title="Your money" note="What is reserved is for this host alone. The deposit is yours for any host.">
      <Facts>
        <Fact name="Reserved for this host">
          <Amount value={reserved} />
        </Fact>
        {leavesAt !== null && (
          <Fact name="Comes back from">
            <Time at={leavesAt} precise />
          </Fact>
        )}
        <Fact name="Deposit">
          <Amount value={balance} />
        </Fact>
      </Facts>
      <div className="mt-4 space-y-3">
        {reserved > 0n && leavesAt === null && (
          <Step
            name={`chat.leave.${id}`}
            label="Ask for the rest back"
            why="The host has three epochs and a grace to settle what you owe. Until then, the rest stays reserved and pays for nothing new."
            build={({ requestReleaseWrite }) => requestReleaseWrite(userLedger, place.user, id)}
            onDone={onChange}
          />
        )}
        {released && (
          <Step
            name={`chat.release.${id}`}
            label="Return it to your deposit"
            why="The host’s time to settle is over."
            build={({ releaseWrite }) => releaseWrite(userLedger, place.user, id)}
            onDone={onChange}
          />
        )}
        {balance > 0n && (
          <Step
            name="chat.withdraw"
            label="Send the deposit to your wallet"
            build={({ withdrawWrite }) => withdrawWrite(userLedger, place.user, balance)}
            onDone={onChange}
          />
        )}
      </div>
    </Panel>
  )
}

type StepProps = {
  name: string
  label: string
  why?: string
  build: (writes: Builders) => Write
  onDone: () => Promise<unknown>
}

function Step({ name, label, why, build, onDone }: StepProps) {
  const { state, send, reset } = useTransaction(name)
  const included = state.stage === 'included'
  useEffect(() => {
    if (included) onDone().then(reset)
  }, [included, onDone, reset])
  const run = () => send(async () => build(await loadPart(import('@/lib/chain/writes/build'))))
  return (
    <div className="space-y-2">
      {why && <p className="text-sm text-muted">{why}</p>}
      <RightNetwork>
        <Button variant="secondary" busy={isUnderWay(state) || included} onClick={run}>
          {label}
        </Button>
      </RightNetwork>
      <TransactionNote state={state} />
    </div>
  )
}
