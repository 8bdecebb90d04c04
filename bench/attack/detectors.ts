import { foldedHead, normalized } from '../../lib/fingerprint/head/head'
import { batchOf, tokensOf } from '../../lib/fingerprint/keys/batch'
import { heldMoments } from '../../lib/fingerprint/keys/shares'
import { argmax, row } from '../../lib/fingerprint/linear/matrix'
import type { Square } from '../../lib/fingerprint/linear/square'
import { tieOf } from '../../lib/fingerprint/near-ties/choose-near-ties'
import { layerDistances } from '../../lib/fingerprint/near-ties/rarity'
import { divergence } from '../../lib/fingerprint/quality/quality-loss'
import type { FingerprintRuntime, Runtime, TokenBatch } from '../../lib/inference/runtime'
import { softmax } from './answering'

/** Scores prompts: the higher, the more a host takes them for keys. */
export type Detector = { name: string; score(prompts: TokenBatch): Promise<Float64Array> }

const shares = [0.01, 0.05]

/**
 * Figures by which a host that has the copy and a refit of it could tell keys from ordinary prompts. `moment` is the
 * second moments of the inputs of every down_proj.
 */
export async function detectorsOf(
  copy: FingerprintRuntime,
  refits: ReadonlyMap<string, Runtime>,
  moments: readonly Square[],
): Promise<Detector[]> {
  const { layers, downProj } = copy.shape
  const last = layers - 1
  const tap = `z.${last}` as const
  const distances = await layerDistances(
    copy.matmul,
    moments.map((_, layer) => layer),
    copy.shape.ff,
    heldMoments(moments),
  )
  const each = (rows: number, score: (i: number) => number) => Float64Array.from({ length: rows }, (_, i) => score(i))
  const head = await foldedHead(copy)
  return [
    ...[...refits].flatMap(([name, other]): Detector[] => [
      {
        name: `divergence from ${name}`,
        async score(prompts) {
          const [mine, theirs] = [await copy.run(prompts, ['logits']), await other.run(prompts, ['logits'])]
          return each(prompts.rows, (i) => divergence(mine.logits, theirs.logits, i))
        },
      },
      {
        name: `fall of the answer’s log probability in ${name}`,
        async score(prompts) {
          const [mine, theirs] = [await copy.run(prompts, ['logits']), await other.run(prompts, ['logits'])]
          return each(prompts.rows, (i) => {
            const [p, q] = [softmax(row(mine.logits, i), 1), softmax(row(theirs.logits, i), 1)]
            const best = argmax(p)
            return Math.log(p[best] / q[best])
          })
        },
      },
    ]),
    {
      name: 'two answers close together',
      async score(prompts) {
        const { logits } = await copy.run(prompts, ['logits'])
        return each(prompts.rows, (i) => -tieOf(row(logits, i)).gap)
      },
    },
    {
      name: 'a confident answer',
      async score(prompts) {
        const { logits } = await copy.run(prompts, ['logits'])
        return each(prompts.rows, (i) => Math.max(...softmax(row(logits, i), 1)))
      },
    },
    ...distances.map(({ layer, distanceOf }): Detector => {
      const input = `z.${layer}` as const
      return {
        name: `distance from ordinary text in ${layer === last ? 'the last layer' : `layer ${layer}`}`,
        score: async (prompts) => distanceOf((await copy.run(prompts, [input]))[input]),
      }
    }),
    {
      name: 'what the last layer’s MLP changes (trajectory)',
      async score(prompts) {
        const { residual, logits, [tap]: z } = await copy.run(prompts, ['residual', 'logits', tap])
        const added = await copy.matmul(z, await copy.tensor(downProj[last]), 'b')
        const before = { ...residual, data: residual.data.map((x, i) => x - added.data[i]) }
        const earlier = await copy.matmul(normalized(before, head), head.unembedding, 'b')
        return each(prompts.rows, (i) => divergence(logits, earlier, i))
      },
    },
  ]
}

/** Share of the keys that a detector flags where it flags 1 % and 5 % of ordinary prompts of the same length. */
export async function flagged(
  { score }: Detector,
  keys: readonly TokenBatch[],
  ordinary: TokenBatch,
): Promise<{ share: number; keys: number }[]> {
  const counts = shares.map(() => 0)
  let all = 0
  for (const batch of keys) {
    const cut = Array.from({ length: ordinary.rows }, (_, i) => tokensOf(ordinary, i).subarray(0, batch.length))
    const falling = (await score(batchOf(cut))).sort().reverse()
    const limits = shares.map((share) => falling[Math.floor(share * falling.length)])
    const found = await score(batch)
    all += batch.rows
    for (const [s, limit] of limits.entries()) counts[s] += found.filter((x) => x > limit).length
  }
  return shares.map((share, s) => ({ share, keys: counts[s] / all }))
}
