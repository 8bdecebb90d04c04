import { type BitTable, scoreOf } from '../evidence/copy-scores'
import type { Likelihoods, Strategy } from './likelihoods'

/** log P(answers | a copy leans to the first answer) − log P(answers | to the second), nats, [N]. The other members are unknown. */
export function evidenceAlone({ logLikelihoods }: Likelihoods, strategy: Strategy, members: number): Float64Array {
  const rows = logLikelihoods(strategy, members)
  const parts = binomial(members - 1)
  return rows[0].map((_, k) => {
    const [yes, no] = [1, 0].map((own) =>
      parts.reduce((sum, part, others) => sum + part * Math.exp(rows[others + own][k]), 0),
    )
    return Math.log(yes / no)
  })
}

/** The largest number of members beside the judged copy. */
const mostOthers = 7

/**
 * The same difference, [N], for a copy beside the first few of the `suspects`. Their number and their strategy have the
 * largest likelihood, averaged over both leanings of the judged copy. One more member must raise it by `penalty` nats.
 */
export function evidenceBeside(
  { strategies, logLikelihoods }: Likelihoods,
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
      const rows = logLikelihoods(name, i + 2)
      let fit = -penalty * (i + 1)
      for (let k = 0; k < along.length; k++) fit += meanOf(rows[along[k]][k], rows[along[k] + 1][k])
      if (fit <= best.fit) continue
      best = { fit, evidence: differences(rows, along) }
    }
  }
  return best.evidence
}

/** The coalition of these candidates with the largest likelihood, found greedily: one member after another. */
export function likeliestCoalition(
  { strategies, logLikelihoods }: Likelihoods,
  table: BitTable,
  candidates: readonly number[],
): number[] {
  const along = new Uint8Array(table.keys)
  const members: number[] = []
  while (members.length < Math.min(mostOthers, candidates.length)) {
    let best = { fit: Number.NEGATIVE_INFINITY, copy: -1 }
    for (const name of strategies) {
      const rows = logLikelihoods(name, members.length + 1)
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

/** The log-likelihood with one more member that leans to the first answer, minus that with one that does not, [N]. */
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
