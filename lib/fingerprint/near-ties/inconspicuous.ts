import type { Matrix } from '../../inference/runtime'
import { argmax, row, takeRows, zeros } from '../linear/matrix'
import { divergence, logChance } from '../quality/quality-loss'
import type { TieEmbedding } from './embed-ties'
import { takeKeys } from './near-tie-keys'

/**
 * How much a host that runs an attack beside its copy notices a prompt, from row i of both logits, nats: KL(copy ‖ attacked
 * copy) of the next token, and by how much the copy's likeliest answer becomes less likely.
 */
export function conspicuousness(copy: Matrix, attacked: Matrix, i: number): number {
  const answer = argmax(row(copy, i))
  const fall = logChance(copy, i, answer) - logChance(attacked, i, answer)
  return divergence(copy, attacked, i) + Math.max(0, fall)
}

/** The embedding of the keys at these indexes, ascending. How a key is written does not depend on the others. */
export function restricted(
  { keys, writing, kernel, margins, layers }: TieEmbedding,
  kept: readonly number[],
): TieEmbedding {
  const square = zeros(kept.length, kept.length)
  for (let i = 0; i < kept.length; i++)
    for (let j = 0; j < kept.length; j++)
      square.data[i * square.cols + j] = kernel.data[kept[i] * kernel.cols + kept[j]]
  return {
    ...{ layers, keys: takeKeys(keys, kept), kernel: square },
    writing: { moves: takeRows(writing.moves, kept), solvers: writing.solvers.map((each) => takeRows(each, kept)) },
    margins: Float64Array.from(kept, (k) => margins[k]),
  }
}

/** Indexes of the `count` smallest values, ascending. */
export function least(values: Float64Array, count: number): number[] {
  return Array.from(values, (_, i) => i)
    .sort((a, b) => values[a] - values[b] || a - b)
    .slice(0, count)
    .sort((a, b) => a - b)
}
