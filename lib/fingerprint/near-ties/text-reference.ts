import type { Edits, FingerprintRuntime, Matrix, RunOptions, Runtime } from '../../inference/runtime'
import type { Preparation } from '../format/preparation'
import { secondMoments } from '../keys/moments'
import { heldMoments } from '../keys/shares'
import { refitter } from './refit'
import { padded, type Transcript } from './text-gradient'
import { simulatedAttack } from './tie-channel'
import type { TieWriting } from './tie-writing'

/** What text is compared with: the base with these weights in place, and how each key's edit arrives in it. */
export type TextReference = { edits: Edits; writing: TieWriting }

/** Refits that are tried, gentlest first. */
const strengths = [1, 2, 4]
/** Texts that decide, spread over all. */
const sampled = 64
const rowsAtOnce = 8

/**
 * The base or a refit of it, whichever makes the texts likeliest. A refitted copy differs from the base everywhere, and in
 * long texts that hides the part that its bits have in it. The choice depends on the texts alone, so it costs no certainty.
 * C is taken over the preparation's held-out text, which the base has written.
 */
export async function likeliestReference(
  runtime: FingerprintRuntime,
  { layers, writing, heldOut }: Pick<Preparation, 'layers' | 'writing' | 'heldOut'>,
  texts: readonly Transcript[],
  { signal }: Pick<RunOptions, 'signal'> = {},
): Promise<TextReference> {
  const step = Math.ceil(texts.length / sampled)
  const some = texts.filter((_, i) => i % step === 0)
  const moments = heldMoments(await secondMoments(runtime, heldOut, layers, { signal }))
  let best = { strength: 0, edits: new Map() as Edits, loss: await textLoss(runtime, some, { signal }) }
  for (const strength of strengths) {
    const edits = await simulatedAttack(runtime, layers, moments, strength)(new Map())
    const loss = await textLoss(runtime, some, { edits, signal })
    if (loss >= best.loss) break
    best = { strength, edits, loss }
  }
  if (best.strength === 0) return { edits: best.edits, writing }
  const solvers: Matrix[] = []
  for (const [i, solver] of writing.solvers.entries()) {
    // The first layer is not refitted; see `simulatedAttack`.
    const refit = layers[i] > 0 && (await refitter(runtime.matmul, await moments(i), best.strength))
    solvers.push(refit ? await refit(solver) : solver)
  }
  return { edits: best.edits, writing: { ...writing, solvers } }
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
