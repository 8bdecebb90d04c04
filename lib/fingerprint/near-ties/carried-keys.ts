import type { FingerprintRuntime, Matrix } from '../../inference/runtime'
import { normalChance } from '../stats/normal'
import type { RidgeSolver } from './embed-ties'

/** Least part of an edit that no earlier key's edit makes, of the mean edit. */
const leastOwn = 0.2

/**
 * Keys whose edits are different enough to be written side by side: one after another the key that the ones before it move
 * least, by a pivoted Cholesky factorization of G (see `tieKernel`). Indexes, ascending. All chats end with the same tokens,
 * so that most of what one of them needs moves the others too.
 */
export function distinctKeys({ data, rows }: Matrix, most: number): number[] {
  const left = Float64Array.from({ length: rows }, (_, i) => data[i * rows + i])
  const least = (leastOwn * left.reduce((a, b) => a + b, 0)) / rows
  const taken: number[] = []
  const columns: Float64Array[] = []
  while (taken.length < Math.min(most, rows)) {
    const next = left.reduce((best, x, i) => (x > left[best] ? i : best), 0)
    if (left[next] < least) break
    const root = Math.sqrt(left[next])
    const column = Float64Array.from({ length: rows }, (_, i) => {
      const made = columns.reduce((sum, other) => sum + other[next] * other[i], 0)
      return (data[next * rows + i] - made) / root
    })
    for (let i = 0; i < rows; i++) left[i] -= column[i] ** 2
    left[next] = 0
    columns.push(column)
    taken.push(next)
  }
  return taken.sort((a, b) => a - b)
}

/**
 * The chance of every key to lean as its bit says in a copy, [N], from G alone: after two rounds (see `embedTies`) an edit
 * misses the part F = (I − G (G + ridge)⁻¹)² of what is wanted, so a key's lead is margin · (1 − F_kk) · its bit, moved by
 * the other keys' random bits and by all gaps.
 */
export async function leaningChances(
  { matmul }: Pick<FingerprintRuntime, 'matmul'>,
  { kernel, gaps, margin }: { kernel: Matrix; gaps: Float64Array; margin: number },
  solve: RidgeSolver,
): Promise<Float64Array> {
  const size = kernel.rows
  const missed = await solve({ ...kernel, data: kernel.data.slice() })
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) missed.data[i * size + j] = (i === j ? 1 : 0) - missed.data[i * size + j]
  const { data } = await matmul(missed, missed)
  return gaps.map((_, k) => {
    let [others, gap] = [0, 0]
    for (let j = 0; j < size; j++) {
      const f = data[k * size + j]
      if (j !== k) others += f * f
      gap += f * gaps[j]
    }
    const own = margin * (1 - data[k * size + k])
    const spread = margin * Math.sqrt(others) || Number.MIN_VALUE
    return (normalChance((own + gap) / spread) + normalChance((own - gap) / spread)) / 2
  })
}

/** The most keys, those that lean surest, of which a share of `least` lean as their bits say, but at least `fewest`. Indexes, ascending. */
export function carriedKeys(chances: Float64Array, least: number, fewest: number): number[] {
  const surest = Array.from(chances, (_, k) => k).sort((a, b) => chances[b] - chances[a] || a - b)
  let sum = 0
  const enough = surest.findIndex((k, i) => {
    sum += chances[k]
    return i >= fewest && sum < least * (i + 1)
  })
  return (enough < 0 ? surest : surest.slice(0, enough)).sort((a, b) => a - b)
}
