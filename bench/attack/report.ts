import { formatSigned } from '../../lib/format/numbers'
import { provenance, tableOf } from '../marked/print'
import type { Verdict } from './methods'
import type { AttackRow } from './rows'

/** Prints a row as soon as it is measured. */
export function say(row: AttackRow): AttackRow {
  console.error(`${row.method}, ${row.copies}: ${row.attack}: ${cells(row).slice(2).join(' | ')}`)
  return row
}

function cells({ attack, copies, price, rarePrice, harm, match, nats, questions, ...row }: AttackRow) {
  const number = (x: number | null, digits: number) => (x === null ? '–' : x.toFixed(digits))
  const signed = (x: number | null) => (x === null ? '–' : formatSigned(x, 3))
  return [
    ...[attack, copies, signed(price), signed(rarePrice), signed(harm), `${(100 * match).toFixed(1)} %`],
    ...[number(nats, 0), number(questions, 0), `${row.named} of ${copies}`],
    ...[number(row.weightNats, 0), row.weightNamed === null ? '–' : `${row.weightNamed} of ${copies}`, row.innocents],
  ]
}

/** Prints every method's rows in tables, and the attacks that cost at most `cheap` nats and name nobody. */
export function report(rows: readonly AttackRow[], methods: readonly string[], cheap: number): void {
  const head = [
    ...['attack', 'copies', 'price', 'on rare tokens', 'against the base', 'match', 'nats', 'questions', 'named'],
    ...['nats from weights', 'named by weights', 'innocents'],
  ]
  console.log(`${provenance()}\n`)
  for (const name of methods) {
    const own = rows.filter((row) => row.method === name)
    for (const kind of ['single', 'pair', 'coalition', 'coalition and one more', 'host'] as const) {
      const some = own.filter((row) => row.kind === kind)
      if (some.length > 0) console.log(`\n## ${name}: ${kind}\n\n${tableOf(head, some.map(cells))}`)
    }
    for (const [judge, title] of [
      ['known', 'by a judge who knows the fine-tune'],
      ['withLogOdds', 'by a judge who sees log probabilities'],
      ['knownWithLogOdds', 'by a judge who knows the fine-tune and sees log probabilities'],
    ] as const) {
      const judged = own.flatMap((row) => (row[judge] ? [{ ...row, verdict: row[judge] }] : []))
      if (judged.length > 0) console.log(`\n## ${name}: ${title}\n\n${verdictTable(judged)}`)
    }
    const percent = (x: number) => `${(100 * x).toFixed(1)} %`
    const seen = own
      .filter(({ kind }) => kind === 'detector')
      .map(({ attack, flagged = [] }) => [attack, ...flagged.map(percent)])
    console.log(`\n## ${name}: keys flagged\n\n${tableOf(['detector', 'at 1 % of ordinary prompts', 'at 5 %'], seen)}`)
  }
  for (const name of methods) {
    const lost = rows.filter(
      ({ method, price, named, weightNamed }) =>
        method === name && price !== null && price <= cheap && named === 0 && !weightNamed,
    )
    console.log(
      `\n${name}: ${lost.length} attacks at most ${formatSigned(cheap, 2)} that name nobody${lost.map(({ attack, copies }) => `\n* ${copies}: ${attack}`).join('')}`,
    )
  }
}

function verdictTable(rows: readonly (AttackRow & { verdict: Verdict })[]): string {
  const among = (named: number, copies: number) => `${named} of ${copies}`
  return tableOf(
    [
      'attack',
      'copies',
      'nats by votes',
      'named',
      'nats',
      'named',
      'named by the surest 1,000 keys',
      'questions',
      'innocents',
    ],
    rows.map(({ attack, copies, nats, named, verdict }) => [
      ...[attack, copies, (nats ?? 0).toFixed(0), among(named, copies)],
      ...[verdict.nats.toFixed(0), among(verdict.named, copies), among(verdict.namedByThousand, copies)],
      ...[verdict.questions ?? '–', verdict.innocents],
    ]),
  )
}
