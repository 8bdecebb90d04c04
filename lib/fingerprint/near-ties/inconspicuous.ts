import type { Edits, Runtime } from '../../inference/runtime'
import { takeRows, zeros } from '../linear/matrix'
import { divergence } from '../quality/quality-loss'
import type { TieEmbedding } from './embed-ties'
import { type Prompts, promptsOf, runParts, takeKeys } from './near-tie-keys'

/**
 * How much a host that runs an attack beside its copy notices each prompt: KL(copy ‖ attacked copy) of the next token,
 * nats, [N], mean over pilot copies.
 */
export async function conspicuousness(
  runtime: Runtime,
  keys: Prompts,
  pilots: readonly { edits: Edits; attacked: Edits }[],
  signal?: AbortSignal,
): Promise<Float64Array> {
  const sums = new Float64Array(promptsOf(keys).length)
  for (const { edits, attacked } of pilots)
    for await (const { at, part, ran } of runParts(runtime, keys.prompts, ['logits'], { edits, signal })) {
      const { logits } = await runtime.run(part, ['logits'], { edits: attacked, signal })
      for (let i = 0; i < part.rows; i++) sums[at + i] += divergence(ran.logits, logits, i) / pilots.length
    }
  return sums
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
