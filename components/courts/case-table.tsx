import { Link } from '@/components/ui/link'
import { Column, NumberCell, Table } from '@/components/ui/table'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import type { CaseSummary } from '@/lib/market/read/views'
import { CaseSubject } from './case-subject'
import { StageBadge } from './stage-badge'

const kinds: Record<CaseSummary['kind'], string> = {
  leak: 'Leak',
  refusal: 'Refused delivery',
  parent: 'Undeclared parent',
}

export function CaseTable({ cases }: { cases: CaseSummary[] }) {
  if (cases.length === 0) return <p className="text-sm text-muted">No cases.</p>
  return (
    <Table
      label="Accusations"
      head={
        <>
          <Column>Case</Column>
          <Column>About</Column>
          <Column>Accused</Column>
          <Column>Stage</Column>
          <Column number>At stake</Column>
        </>
      }
    >
      {cases.map((trial) => (
        <tr key={trial.id}>
          <td>
            <Link href={`/cases/${trial.id}`} className="font-medium underline-offset-4 hover:underline">
              Case {trial.id}
            </Link>
          </td>
          <td>
            {kinds[trial.kind]}, <CaseSubject subject={trial.subject} />
          </td>
          <td>
            <Account address={trial.accused} label="address of the accused" />
          </td>
          <td>
            <StageBadge trial={trial} />
          </td>
          <NumberCell>
            <Amount value={trial.amount} />
          </NumberCell>
        </tr>
      ))}
    </Table>
  )
}
