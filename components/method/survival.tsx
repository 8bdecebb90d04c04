import { Badge } from '@/components/ui/badge'
import { NumberCell, Table } from '@/components/ui/table'
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
                  Added loss, nats
                </th>
                <th scope="col" className="text-right">
                  Match
                </th>
                <th scope="col" className="text-right">
                  Evidence, nats
                </th>
                <th scope="col" className="text-right">
                  Questions
                </th>
                <th scope="col">Named</th>
              </>
            }
          >
            {attacks
              .filter((attack) => attack.kind === kind)
              .map((attack) => (
                <Line key={`${attack.attack} ${attack.copies}`} {...attack} />
              ))}
          </Table>
        </div>
      ))}
    </div>
  )
}

function Line({ attack, copies, price, match, nats, questions, named }: Attack) {
  return (
    <tr>
      <th scope="row" className="min-w-44 py-2 pr-6 text-left font-normal">
        {copies > 1 ? `${copies} copies: ${attack}` : attack}
      </th>
      <NumberCell>{price === null ? '–' : formatSigned(price, 3)}</NumberCell>
      <NumberCell>{formatPercent(match)}</NumberCell>
      <NumberCell>{nats.toFixed(0)}</NumberCell>
      <NumberCell>{questions ?? '–'}</NumberCell>
      <td>
        <Badge
          tone={named === copies ? 'verified' : named === 0 ? 'danger' : 'warning'}
        >{`${named} of ${copies}`}</Badge>
      </td>
    </tr>
  )
}
