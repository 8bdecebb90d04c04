import { Badge } from '@/components/ui/badge'
import { Column, NumberCell, Table } from '@/components/ui/table'
import { formatSigned } from '@/lib/format/numbers'
import { formatPercent } from '@/lib/format/odds'
import { type Attack, attacks } from './figures'

const kinds = [
  ['single', 'Modified weights'],
  ['pair', 'Two modifications, one after the other'],
  ['host', 'Hosts that change answers'],
  ['coalition', 'Colluding buyers'],
  ['coalition and one more', 'Colluding buyers who also modify the result'],
] as const

const ofKind = (kind: string) => attacks.filter((attack) => attack.kind === kind)

/** The results of the attack bench. */
export function Survival() {
  return (
    <div className="space-y-6">
      {kinds.map(([kind, title], i) => (
        <Section key={kind} title={title} count={ofKind(kind).length} open={i === 0}>
          <Table
            label={title}
            head={
              <>
                <Column>Attack</Column>
                <NumberHead>Added loss, nats</NumberHead>
                <NumberHead>Match</NumberHead>
                <NumberHead>Evidence, nats</NumberHead>
                <NumberHead>Questions</NumberHead>
                <Column>Named by answers</Column>
                {kind !== 'host' && <Column>By weights</Column>}
              </>
            }
          >
            {ofKind(kind).map((attack) => (
              <Line key={`${attack.attack} ${attack.copies}`} {...attack} />
            ))}
          </Table>
        </Section>
      ))}
      <Section title="Keys among ordinary prompts" count={ofKind('detector').length}>
        <Table
          label="Keys among ordinary prompts"
          head={
            <>
              <Column>What a host looks at</Column>
              <NumberHead>Keys flagged at 1 % of prompts</NumberHead>
              <NumberHead>At 5 %</NumberHead>
            </>
          }
        >
          {ofKind('detector').map(({ attack, flagged = [] }) => (
            <tr key={attack}>
              <RowHead>{attack}</RowHead>
              {flagged.map((share) => (
                <NumberCell key={share}>{formatPercent(share)}</NumberCell>
              ))}
            </tr>
          ))}
        </Table>
      </Section>
    </div>
  )
}

function Section(props: { title: string; count: number; open?: boolean; children: React.ReactNode }) {
  return (
    <details open={props.open}>
      <summary className="mb-2 text-sm">
        <h3 className="inline font-semibold">{props.title}</h3> <span className="text-muted">({props.count} rows)</span>
      </summary>
      {props.children}
    </details>
  )
}

function Line({ kind, attack, copies, price, match, nats, questions, named, weightNamed }: Attack) {
  return (
    <tr>
      <RowHead>{copies > 1 ? `${copies} copies: ${attack}` : attack}</RowHead>
      <NumberCell>{price === null ? '–' : formatSigned(price, 3)}</NumberCell>
      <NumberCell>{formatPercent(match)}</NumberCell>
      <NumberCell>{(nats ?? 0).toFixed(0)}</NumberCell>
      <NumberCell>{questions ?? '–'}</NumberCell>
      <td>
        <Named hits={named} outOf={copies} />
      </td>
      {kind !== 'host' && <td>{weightNamed === null ? '–' : <Named hits={weightNamed} outOf={copies} />}</td>}
    </tr>
  )
}

function Named({ hits, outOf }: { hits: number; outOf: number }) {
  return <Badge tone={hits === outOf ? 'verified' : hits === 0 ? 'danger' : 'warning'}>{`${hits} of ${outOf}`}</Badge>
}

function NumberHead({ children }: { children: string }) {
  return <Column number>{children}</Column>
}

function RowHead({ children }: { children: string }) {
  return (
    <th scope="row" className="min-w-44 py-2 pr-6 text-left font-normal">
      {children}
    </th>
  )
}
