import { Badge } from '@/components/ui/badge'
import { NumberCell, Table } from '@/components/ui/table'
import { formatSigned } from '@/lib/format/numbers'
import { formatPercent } from '@/lib/format/odds'
import { type Attack, attacks } from './figures'

const kinds = [
  ['answers', 'Hosts that change answers'],
  ['weights', 'Modified weights'],
  ['coalition', 'Colluding buyers'],
] as const

/** The results of the attack bench. */
export function Survival() {
  return (
    <div className="space-y-8">
      {kinds.map(([kind, title]) => (
        <div key={kind}>
          <h3 className="mb-2 text-sm font-semibold">{title}</h3>
          <Table
            label={title}
            head={
              <>
                <th scope="col">Attack</th>
                <th scope="col" className="text-right">
                  Keys kept
                </th>
                <th scope="col" className="text-right">
                  Added loss, nats
                </th>
                <th scope="col">Detected</th>
                <th scope="col">Copy named</th>
              </>
            }
          >
            {attacks
              .filter((attack) => attack.kind === kind)
              .map((attack) => (
                <Line key={attack.attack} {...attack} />
              ))}
          </Table>
        </div>
      ))}
    </div>
  )
}

function Line({ attack, kept, price, ours, named, runs }: Attack) {
  return (
    <tr>
      <th scope="row" className="min-w-44 py-2 pr-6 text-left font-normal">
        {attack}
      </th>
      <NumberCell>{formatPercent(kept)}</NumberCell>
      <NumberCell>{price === null ? '–' : formatSigned(price, 3)}</NumberCell>
      <td>
        <Share hits={ours} outOf={runs} />
      </td>
      <td>
        <Share hits={named} outOf={runs} />
      </td>
    </tr>
  )
}

function Share({ hits, outOf }: { hits: number; outOf: number }) {
  return <Badge tone={hits === outOf ? 'verified' : hits === 0 ? 'danger' : 'warning'}>{`${hits} of ${outOf}`}</Badge>
}
