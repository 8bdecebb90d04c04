import { Badge } from '@/components/ui/badge'
import { Panel } from '@/components/ui/card'
import { Link } from '@/components/ui/link'
import { Column, NumberCell, Table } from '@/components/ui/table'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { Hash } from '@/components/values/hash'
import { Time } from '@/components/values/time'
import type { CaseSummary, ChallengeEvent, ProverView } from '@/lib/market/read/views'
import { CaseTable } from './case-table'

type Props = { cases: CaseSummary[]; provers: ProverView[]; challenges: ChallengeEvent[] }

export function CourtsView({ cases, provers, challenges }: Props) {
  return (
    <div className="space-y-6">
      <Panel
        title="Cases"
        note="Provers who are drawn by chance decide about leaks, refused deliveries and undeclared parents. A case is opened on the page of the copy or the model."
      >
        <CaseTable cases={cases} />
      </Panel>
      <Panel
        title="Provers"
        note="Each has one lot in the draw, whatever its stake, and locks a whole stake for each case that it judges."
      >
        {provers.length === 0 ? (
          <p className="text-sm text-muted">No provers: without three, no case can be opened.</p>
        ) : (
          <Provers provers={provers} />
        )}
      </Panel>
      <Panel title="Challenges" note="Offences that the contract decides from signatures and proofs alone.">
        {challenges.length === 0 ? (
          <p className="text-sm text-muted">No challenges.</p>
        ) : (
          <Challenges all={challenges} />
        )}
      </Panel>
    </div>
  )
}

function Provers({ provers }: { provers: ProverView[] }) {
  return (
    <Table
      label="Stakes of provers"
      head={
        <>
          <Column>Prover</Column>
          <Column>Since</Column>
          <Column number>Stake</Column>
          <Column number>Locked by cases</Column>
          <Column>
            <span className="sr-only">State</span>
          </Column>
        </>
      }
    >
      {provers.map((prover) => (
        <tr key={prover.address}>
          <td>
            <Account address={prover.address} label="prover’s address" />
          </td>
          <td>
            <Time at={prover.since} />
          </td>
          <NumberCell>
            <Amount value={prover.stake} />
          </NumberCell>
          <NumberCell>
            <Amount value={prover.locked} />
          </NumberCell>
          <td>{prover.leaving && <Badge tone="warning">leaving</Badge>}</td>
        </tr>
      ))}
    </Table>
  )
}

const names: Record<string, string> = {
  Committed: 'Evidence committed to, still secret',
  Expired: 'A commitment expired, and its bond was burned',
  Challenged: 'A receipt is claimed to be missing from a report',
  Answered: 'The host showed the receipt, and earned the bond',
  Convicted: 'An offence was proven',
  BountyFor: 'A bounty waits for earlier commitments',
  BountyPaid: 'The bounty was paid',
}

function Challenges({ all }: { all: ChallengeEvent[] }) {
  return (
    <Table
      label="Events about challenges"
      head={
        <>
          <Column>When</Column>
          <Column>What</Column>
          <Column>Copy</Column>
          <Column>Transaction</Column>
        </>
      }
    >
      {all.map((event) => (
        <tr key={`${event.tx} ${event.name}`}>
          <td>
            <Time at={event.at} precise />
          </td>
          <td>{names[event.name] ?? event.name}</td>
          <td>
            {event.copyId && (
              <Link href={`/copies/${event.copyId}`} className="underline-offset-4 hover:underline">
                copy {event.copyId}
              </Link>
            )}
          </td>
          <td>
            <Hash value={event.tx} label="transaction hash" />
          </td>
        </tr>
      ))}
    </Table>
  )
}
