import type { Square } from '../../lib/fingerprint/linear/square'
import { refit } from '../../lib/fingerprint/near-ties/refit'
import { seededRandom } from '../../lib/fingerprint/stats/random'
import type { FingerprintRuntime, Matrix, Runtime } from '../../lib/inference/runtime'
import { blur, type MatrixAttack, prune, quantise } from './matrix-attacks'
import { widestOnly } from './span-cut'
import { onEach, type Weights } from './weights'

/** A change to one model's weights that needs no other copy. */
export type Transform = { name: string; run(weights: Weights): Promise<Map<string, Float32Array>> }

export type TransformScene = {
  runtime: FingerprintRuntime
  /** A fine-tune of the unmarked base. */
  child: Runtime | null
  /** Second moments of traffic by tensor name, of every layer's down_proj. */
  moments: ReadonlyMap<string, Square>
  /** down_proj of every layer, first to last. */
  downProj: readonly string[]
  /** Every matrix inside the layers. */
  matrices: readonly string[]
}

const strengths = [0.3, 1, 2, 3, 4, 10]

export function transforms(scene: TransformScene): Transform[] {
  const { runtime, child, moments, downProj, matrices } = scene
  const later = downProj.slice(1)
  const momentOf = (name: string) => moments.get(name) as Square
  const on = (name: string, names: readonly string[], change: (w: Matrix, tensor: string) => Promise<Matrix>) => ({
    name,
    run: (weights: Weights) => onEach(runtime, weights, names, change),
  })
  const plain = (name: string, names: readonly string[], change: MatrixAttack) =>
    on(name, names, async (w, tensor) => ({ ...w, data: change(w, seededRandom(new Uint8Array(16).fill(6)), tensor) }))
  return [
    ...strengths.map((s) =>
      on(`refit ${s}, layers 1 and later`, later, (w, name) => refit(runtime.matmul, w, momentOf(name), s)),
    ),
    ...[0.03, 0.1, 0.3].map((s) =>
      on(`refit ${s}, every layer`, downProj, (w, name) => refit(runtime.matmul, w, momentOf(name), s)),
    ),
    ...[1 / 2, 3 / 8, 1 / 4].map((part) =>
      on(`widest ${100 * part} % of directions`, later, (w, name) =>
        widestOnly(runtime.matmul, w, momentOf(name), Math.round(part * w.cols)),
      ),
    ),
    ...[0.1, 0.3, 1].map((s) =>
      on(`refit ${s}, layer 0`, downProj.slice(0, 1), (w, name) => refit(runtime.matmul, w, momentOf(name), s)),
    ),
    ...[1 / 2, 1 / 4].map((part) =>
      on(`widest ${100 * part} % of directions, every layer`, downProj, (w, name) =>
        widestOnly(runtime.matmul, w, momentOf(name), Math.round(part * w.cols)),
      ),
    ),
    plain('int4, groups of 32', matrices, quantise(4, 32)),
    plain('int3, groups of 32', matrices, quantise(3, 32)),
    plain('int2, groups of 16, down_proj', downProj, quantise(2, 16)),
    plain('30 % pruned', matrices, prune(0.3)),
    plain('50 % pruned, down_proj', downProj, prune(0.5)),
    plain('noise of 10 %', matrices, blur(0.1)),
    plain('noise of 20 %', matrices, blur(0.2)),
    plain('noise of 50 %, down_proj', downProj, blur(0.5)),
    ...(child
      ? [
          ...[0.25, 0.5].map((part) =>
            on(`merged with a clean child, ${100 * part} %`, matrices, async (w, name) => {
              const other = await child.tensor(name)
              return { ...w, data: w.data.map((x, i) => x + part * (other.data[i] - x)) }
            }),
          ),
          on('a clean child’s down_proj, layer 0', downProj.slice(0, 1), (_, name) => child.tensor(name)),
          on('a clean child’s down_proj, layers 1 and later', later, (_, name) => child.tensor(name)),
          on('a clean child’s down_proj, every layer', downProj, (_, name) => child.tensor(name)),
        ]
      : []),
  ]
}
