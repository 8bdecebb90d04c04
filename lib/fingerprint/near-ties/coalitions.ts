import { type BitTable, scoreOf } from '../evidence/copy-scores'
import type { Explanations, Strategy } from './explanations'

/** log P(what was seen | a copy leans to the first answer) − log P(it | to the second), [N], where the other members are unknown. */
export function evidenceAlone({ chances }: Explanations, strategy: Strategy, members: number): Float64Array {
  const rows = chances(strategy, members)
  const parts = binomial(members - 1)
  return rows[0].map((_, k) => {
    const [yes, no] = [1, 0].map((own) =>
      parts.reduce((sum, part, others) => sum + part * Math.exp(rows[others + own][k]), 0),
    )
    return Math.log(yes / no)
  })
}

/** A coalition of at most this many, besides the copy that is judged. */
const mostOthers = 7

/**
 * The same where `suspects`, or the first few of them, are the other members. How many, and what they do, is what makes
 * likeliest what was seen, whichever way the judged copy leans; each more must explain it `penalty` nats better.
 */
export function evidenceBeside(
  { strategies, chances }: Explanations,
  table: BitTable,
  suspects: readonly number[],
  penalty: number,
): Float64Array {
  const along = new Uint8Array(table.keys)
  let best: { fit: number; evidence: Float64Array } = {
    fit: Number.NEGATIVE_INFINITY,
    evidence: new Float64Array(table.keys),
  }
  for (const [i, suspect] of suspects.entries()) {
    lean(along, table, suspect)
    for (const name of strategies) {
      const rows = chances(name, i + 2)
      let fit = -penalty * (i + 1)
      for (let k = 0; k < along.length; k++) fit += meanOf(rows[along[k]][k], rows[along[k] + 1][k])
      if (fit <= best.fit) continue
      best = { fit, evidence: differences(rows, along) }
    }
  }
  return best.evidence
}

/** Of these candidates the coalition that makes likeliest what was seen, one member after another. */
export function likeliestCoalition(
  { strategies, chances }: Explanations,
  table: BitTable,
  candidates: readonly number[],
): number[] {
  const along = new Uint8Array(table.keys)
  const members: number[] = []
  while (members.length < Math.min(mostOthers, candidates.length)) {
    let best = { fit: Number.NEGATIVE_INFINITY, copy: -1 }
    for (const name of strategies) {
      const rows = chances(name, members.length + 1)
      const step = differences(rows, along)
      let sum = 0
      for (let k = 0; k < along.length; k++) sum += rows[along[k]][k] + rows[along[k] + 1][k]
      for (const copy of candidates) {
        const fit = members.includes(copy) ? Number.NEGATIVE_INFINITY : (sum + scoreOf(table, copy, step)) / 2
        if (fit > best.fit) best = { fit, copy }
      }
    }
    members.push(best.copy)
    lean(along, table, best.copy)
  }
  return members
}

/** By how much one more member's leaning to the first answer raises the log of the chance, [N]. */
function differences(rows: readonly Float64Array[], along: Uint8Array): Float64Array {
  return Float64Array.from(along, (n, k) => rows[n + 1][k] - rows[n][k])
}

/** log of the mean of two chances that are given by their logs. */
function meanOf(a: number, b: number): number {
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))) - Math.LN2
}

function lean(along: Uint8Array, { bits, keys }: BitTable, copy: number): void {
  for (let k = 0; k < keys; k++) if (bits[copy * keys + k] > 0) along[k]++
}

/** Chances of 0 to n of n fair bits. */
function binomial(n: number): number[] {
  let chances = [1]
  for (let i = 0; i < n; i++)
    chances = Array.from({ length: i + 2 }, (_, at) => ((chances[at] ?? 0) + (chances[at - 1] ?? 0)) / 2)
  return chances
}
