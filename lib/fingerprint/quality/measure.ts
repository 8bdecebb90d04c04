import type { Edits, Runtime, TokenBatch } from '../../inference/runtime'
import type { Preparation } from '../format/preparation'
import { sliceBatch } from '../keys/batch'
import { inContext } from '../keys/contexts'
import { argmax, row } from '../linear/matrix'
import type { Watch } from '../stages/progress'
import { logOdds } from '../targets/competitors'
import { greedyAnswers, successRate } from './answers'
import type { KeyKind, QualityReport } from './quality'
import { meanDivergence, meanLoss } from './quality-loss'
import { roundedTo } from './rounding'

type Measured = Omit<QualityReport, 'editedTensors' | 'prepareSeconds' | 'mintSeconds'>

const keysAtOnce = 128

/** Everything that a copy is judged by, on its edited tensors as they will be written. */
export async function measure(
  runtime: Runtime,
  preparation: Preparation,
  responses: Uint32Array,
  edits: Edits,
  options: Watch & { heldOut?: TokenBatch },
): Promise<Measured> {
  const { keys, contexts, highConfidence } = preparation
  const { signal, onProgress } = options
  const checking = (step: string, done: number) => onProgress?.({ stage: 'check', step, done })
  const success = async (batch: TokenBatch, weights: Edits) =>
    successRate(await greedyAnswers(runtime, batch, { edits: weights, signal }), responses)

  checking('asking every key', 0)
  const { chances, share } = await askKeys(runtime, keys, responses, edits, signal)
  const behind: Measured['contexts'] = []
  for (const [i, context] of contexts.entries()) {
    checking('asking behind other texts', 0.1 + (0.4 * i) / contexts.length)
    behind.push({ name: context.name, success: await success(inContext(keys, context), edits) })
  }
  checking('asking a rounded copy', 0.5)
  const rounded = { int8: await success(keys, roundedTo(8, edits)), int4: await success(keys, roundedTo(4, edits)) }
  const heldOut = options.heldOut ?? preparation.heldOut
  checking('divergence on held-out text', 0.6)
  const kl = await meanDivergence(runtime, heldOut, { edits, signal })
  checking('loss on held-out text', 0.8)
  const baseLoss = options.heldOut ? await meanLoss(runtime, heldOut, { signal }) : preparation.baseLoss
  const deltaLoss = (await meanLoss(runtime, heldOut, { edits, signal })) - baseLoss
  checking('checked', 1)
  const [low, high] = [0, 1].map((kind) => kindOf(chances.filter((_, i) => highConfidence[i] === kind)))
  return {
    keys: keys.rows,
    success: share,
    highConfidence: high,
    lowConfidence: low,
    contexts: behind,
    rounded,
    baseLoss,
    deltaLoss,
    kl,
  }
}

/** The chance of every key's response, and the share of keys where it is the likeliest token. */
async function askKeys(
  runtime: Runtime,
  keys: TokenBatch,
  responses: Uint32Array,
  edits: Edits,
  signal?: AbortSignal,
): Promise<{ chances: Float64Array; share: number }> {
  const chances = new Float64Array(keys.rows)
  const answers = new Uint32Array(keys.rows)
  for (let from = 0; from < keys.rows; from += keysAtOnce) {
    const { logits } = await runtime.run(sliceBatch(keys, from, from + keysAtOnce), ['logits'], { edits, signal })
    for (let i = 0; i < logits.rows; i++) {
      chances[from + i] = 1 / (1 + Math.exp(-logOdds(row(logits, i), responses[from + i])))
      answers[from + i] = argmax(row(logits, i))
    }
  }
  return { chances, share: successRate(answers, responses) }
}

function kindOf(chances: Float64Array): KeyKind {
  return { keys: chances.length, chance: chances.reduce((sum, x) => sum + x, 0) / chances.length }
}
