import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import { Column, Table } from '@/components/ui/table'
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

/** Some two hundred rows carry no classes of their own, which would be most of the page. */
const figures = cn(
  '[&_td]:text-right [&_td]:whitespace-nowrap [&_td]:tabular-nums',
  '[&_tbody_th]:min-w-44 [&_tbody_th]:py-2 [&_tbody_th]:pr-6 [&_tbody_th]:text-left [&_tbody_th]:font-normal',
)

const ofKind = (kind: string) => attacks.filter((attack) => attack.kind === kind)

/** The results of the attack bench. */
export function Survival() {
  return (
    <div className="space-y-6">
      {kinds.map(([kind, title], i) => (
        <Section key={kind} title={title} count={ofKind(kind).length} open={i === 0}>
          <Table
            label={title}
            className={figures}
            head={
              <>
                <Column>Attack</Column>
                <NumberHead>Added loss, nats</NumberHead>
                <NumberHead>Match</NumberHead>
                <NumberHead>Evidence, nats</NumberHead>
                <NumberHead>Questions</NumberHead>
                <NumberHead>Named by answers</NumberHead>
                {kind !== 'host' && <NumberHead>By weights</NumberHead>}
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
          className={figures}
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
              <th scope="row">{attack}</th>
              {flagged.map((share) => (
                <td key={share}>{formatPercent(share)}</td>
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
      <th scope="row">{copies > 1 ? `${copies} copies: ${attack}` : attack}</th>
      <td>{price === null ? '–' : formatSigned(price, 3)}</td>
      <td>{formatPercent(match)}</td>
      <td>{(nats ?? 0).toFixed(0)}</td>
      <td>{questions ?? '–'}</td>
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
