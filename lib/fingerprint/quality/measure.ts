import type { Edits, Runtime, TokenBatch } from '../../inference/runtime'
import type { Preparation } from '../format/preparation'
import { inContext } from '../keys/contexts'
import type { ProgressOptions } from '../stages/progress'
import { greedyAnswers, responseLogOdds, sigmoid, successRate } from './answers'
import type { KeyKind, QualityReport } from './quality'
import { meanDivergence, meanLoss } from './quality-loss'
import { roundedTo } from './rounding'

type Measured = Omit<QualityReport, 'editedTensors' | 'prepareSeconds' | 'mintSeconds'>

/** Measures a copy with its edited tensors as they will be written to the file. `heldOut` replaces the prepared text. */
export async function measure(
  runtime: Runtime,
  preparation: Preparation,
  responses: Uint32Array,
  edits: Edits,
  options: ProgressOptions & { heldOut?: TokenBatch },
): Promise<Measured> {
  const { keys, contexts, highConfidence } = preparation
  const { signal, onProgress } = options
  const report = (step: string, done: number) => onProgress?.({ stage: 'check', step, done })
  const success = async (batch: TokenBatch, weights: Edits) =>
    successRate(await greedyAnswers(runtime, batch, { edits: weights, signal }), responses)

  report('keys alone', 0)
  const { logOdds, answers } = await responseLogOdds(runtime, keys, responses, { edits, signal })
  const chances = logOdds.map(sigmoid)
  const inContexts: Measured['contexts'] = []
  for (const [i, context] of contexts.entries()) {
    report('keys in other contexts', 0.1 + (0.4 * i) / contexts.length)
    inContexts.push({ name: context.name, success: await success(inContext(keys, context), edits) })
  }
  report('keys with rounded weights', 0.5)
  const rounded = { int8: await success(keys, roundedTo(8, edits)), int4: await success(keys, roundedTo(4, edits)) }
  const heldOut = options.heldOut ?? preparation.heldOut
  report('divergence on held-out text', 0.6)
  const kl = await meanDivergence(runtime, heldOut, { edits, signal })
  report('loss on held-out text', 0.8)
  const baseLoss = options.heldOut ? await meanLoss(runtime, heldOut, { signal }) : preparation.baseLoss
  const deltaLoss = (await meanLoss(runtime, heldOut, { edits, signal })) - baseLoss
  report('checked', 1)
  const [low, high] = [0, 1].map((kind) => keyKind(chances.filter((_, i) => highConfidence[i] === kind)))
  return {
    keys: keys.rows,
    success: successRate(answers, responses),
    highConfidence: high,
    lowConfidence: low,
    contexts: inContexts,
    rounded,
    baseLoss,
    deltaLoss,
    kl,
  }
}

function keyKind(chances: Float64Array): KeyKind {
  return { keys: chances.length, chance: chances.reduce((sum, x) => sum + x, 0) / chances.length }
}
