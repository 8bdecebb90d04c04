import type { Edits, FingerprintRuntime, Matrix, RunOptions, Runtime } from '../../inference/runtime'
import type { Preparation } from '../format/preparation'
import { secondMoments } from '../keys/moments'
import { heldMoments } from '../keys/shares'
import type { Square } from '../linear/square'
import { type FineTune, leftOf, merge, merges } from './fine-tunes'
import { refitter } from './refit'
import { padded, type Transcript } from './text-evidence'
import { simulatedAttack } from './tie-channel'
import type { TieWriting } from './tie-writing'

/** The unmarked model that text is compared with: the base with `edits` in place, and how each key's edit arrives in it. */
export type TextReference = {
  /** The merges and the refit that made it of the base. References with equal names are equal. */
  name: string
  edits: Edits
  writing: TieWriting
}

/** Times that a fine-tune may have been merged with the base. */
const mostMerges = 2
/** Refits that are tried, gentlest first. */
const strengths = [1, 2, 4]
/** Texts that decide, spread over all. */
const sampled = 64
const rowsAtOnce = 8

/** Weights that may have written a text if no copy did, and by layer what they leave of a copy's edit; the text's loss. */
type Candidate = { merged: readonly string[]; edits: Edits; left: readonly number[]; loss: number }

/**
 * Chooses for texts the base, the base merged with one of its fine-tunes, or a refit of either, whichever makes them
 * likeliest. A copy that was attacked so differs from the base everywhere, and in long texts that hides the part that its
 * bits have in it. The choice depends on the texts alone, so it costs no certainty. C is taken over the preparation's
 * held-out text, which the base has written.
 */
export function textReferences(
  runtime: FingerprintRuntime,
  { layers, writing, heldOut }: Pick<Preparation, 'layers' | 'writing' | 'heldOut'>,
  { fineTunes = [], signal }: Pick<RunOptions, 'signal'> & { fineTunes?: readonly FineTune[] } = {},
): (texts: readonly Transcript[]) => Promise<TextReference> {
  let sums: Promise<Square[]> | undefined
  return async (texts) => {
    const step = Math.ceil(texts.length / sampled)
    const some = texts.filter((_, i) => i % step === 0)
    sums ??= secondMoments(runtime, heldOut, layers, { signal })
    const moments = heldMoments(await sums)
    const lossOf = (edits: Edits) => textLoss(runtime, some, { edits, signal })
    let best: Candidate = { merged: [], edits: new Map(), left: layers.map(() => 1), loss: await lossOf(new Map()) }
    for (let n = 0; n < mostMerges; n++) {
      const start = best
      for (const [i, fineTune] of fineTunes.entries())
        for (const [j, way] of merges(runtime, fineTune).entries()) {
          const edits = await merge(runtime, start.edits, fineTune, way)
          const left = leftOf(runtime, layers, way).map((part, i) => part * start.left[i])
          const loss = await lossOf(edits)
          if (loss < best.loss) best = { merged: [...start.merged, `fine-tune ${i}, merge ${j}`], edits, left, loss }
        }
      if (best === start) break
    }
    let refitted = { strength: 0, edits: best.edits, loss: best.loss }
    for (const strength of strengths) {
      const edits = await simulatedAttack(runtime, layers, moments, strength)(best.edits)
      const loss = await lossOf(edits)
      if (loss >= refitted.loss) break
      refitted = { strength, edits, loss }
    }
    const solvers: Matrix[] = []
    for (const [i, solver] of writing.solvers.entries()) {
      // The first layer is not refitted; see `simulatedAttack`.
      const refit =
        refitted.strength > 0 && layers[i] > 0 && (await refitter(runtime.matmul, await moments(i), refitted.strength))
      solvers.push(scaled(refit ? await refit(solver) : solver, best.left[i]))
    }
    const name = ['base', ...best.merged, `refit ${refitted.strength}`].join('; ')
    return { name, edits: refitted.edits, writing: { ...writing, solvers } }
  }
}

function scaled(matrix: Matrix, by: number): Matrix {
  return by === 1 ? matrix : { ...matrix, data: matrix.data.map((x) => by * x) }
}

/** −log p of all answer tokens, nats. */
async function textLoss(runtime: Runtime, texts: readonly Transcript[], options: RunOptions): Promise<number> {
  let sum = 0
  for (let at = 0; at < texts.length; at += rowsAtOnce) {
    const part = texts.slice(at, at + rowsAtOnce)
    const batch = padded(part)
    const { nll } = await runtime.run(batch, ['nll'], options)
    for (const [r, { ids, from }] of part.entries())
      for (let t = from; t < ids.length; t++) sum += nll.data[r * (batch.length - 1) + t - 1]
  }
  return sum
}
