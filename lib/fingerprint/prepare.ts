import { KinmarkError } from '../error'
import type { FingerprintRuntime, Matrix } from '../inference/runtime'
import { baseDigest } from './edit/base-digest'
import { assertLayers, defaultLayers } from './edit/layers'
import { layerSolver } from './edit/solver'
import type { Preparation } from './format/preparation'
import { sliceBatch } from './keys/batch'
import { chooseKeys } from './keys/choose-keys'
import { type Context, randomPrefixes } from './keys/contexts'
import { readKeyStates } from './keys/key-states'
import { secondMoments } from './keys/moments'
import { sampleScored, sampleText } from './keys/sample'
import { cholesky, inverse } from './linear/cholesky'
import { measuredNullRate, nullModels } from './quality/null-models'
import { pilotCopy } from './quality/pilot-copy'
import { assertQuality, defaultLimits, type QualityLimits, shortfalls } from './quality/quality'
import { meanLoss } from './quality/quality-loss'
import type { ProgressOptions } from './stages/progress'
import { stageRunner } from './stages/stage-runner'
import type { StageStore } from './stages/stage-store'
import { calibratedMoves } from './targets/calibrate'
import { headCurvature } from './targets/curvature'
import { foldedHead } from './targets/head'
import { repeated, responsesOf } from './targets/responses'
import { type HeadMetric, targetMoves } from './targets/target-moves'
import {
  defaultTargetProbabilities,
  highConfidenceKeys,
  type TargetProbabilities,
  targetLogOdds,
} from './targets/target-probabilities'

export type PrepareOptions = ProgressOptions & {
  /** 32 bytes; see `modelSecret`. */
  secret: Uint8Array
  keys: number
  /** Lowered once where the pilot copy is under the bar. */
  targetProbabilities?: TargetProbabilities
  /** Layers to edit, ascending. */
  layers?: readonly number[]
  /** What keys are asked behind, besides random text; see `promptContexts`. */
  contexts?: readonly Context[]
  limits?: QualityLimits
  /** Where finished steps are kept for a later run with the same options. */
  store?: StageStore
}

const calibration = { rows: 256, length: 64 }
const heldOutText = { rows: 64, length: 64 }
const keyLength = 16
/** Prompts sampled for every key; fewer where the model is so large that sampling them takes longest. */
const promptsPerKey = { small: 32, large: 8, smallHidden: 1024 }
const keyLimits = { min: 16, max: 4096 }
/** Of the code's biases; see `codeBiases`. */
const cutoff = 0.12

/** Everything that copies of one model share, by forward passes and linear algebra, without gradients. */
export async function prepare(runtime: FingerprintRuntime, options: PrepareOptions): Promise<Preparation> {
  const { secret, keys: count, signal, limits = defaultLimits } = options
  const { shape } = runtime
  const layers = [...(options.layers ?? defaultLayers(shape.layers))]
  assertLayers(layers, shape.layers)
  assertKeyCount(count)
  const { step, seconds } = stageRunner(options, 'prepare', options.store)
  const sample = (purpose: 'text' | 'held-out', rows: number, length: number, tell?: (part: number) => void) =>
    sampleText(runtime, secret, purpose, rows, length, { signal, onProgress: (done, total) => tell?.(done / total) })

  const text = await step('calibration text', (tell) => sample('text', calibration.rows, calibration.length, tell))
  const heldOut = await step('held-out text', () => sample('held-out', heldOutText.rows, heldOutText.length))
  const pool = await step('key pool', (tell) => {
    const perKey = shape.hidden <= promptsPerKey.smallHidden ? promptsPerKey.small : promptsPerKey.large
    const onProgress = (done: number, total: number) => tell(done / total)
    return sampleScored(runtime, secret, 'keys', perKey * count, keyLength, { signal, onProgress })
  })
  const moments = await step('second moments', (tell) =>
    secondMoments(runtime, text, layers, { signal, onProgress: (done, total) => tell(done / total) }),
  )
  const head = await foldedHead(runtime)
  const inverseCurvature = await step('head curvature', async () =>
    inverse(cholesky(await headCurvature(runtime, head, text))),
  )
  const metric: HeadMetric = { matmul: runtime.matmul, head, inverseCurvature }
  const contexts = [...(options.contexts ?? []), ...(await randomPrefixes(runtime, secret, signal))]
  const strangers = Math.ceil(count / 4)
  const chosen = await step('choosing keys', (tell) => {
    const [moment, layer] = [moments[layers.length - 1], layers[layers.length - 1]]
    return chooseKeys(
      runtime,
      pool,
      { moment, layer, metric, contexts, count: count + strangers },
      { signal, onProgress: (done, total) => tell(done / total) },
    )
  })
  const [keys, others] = [sliceBatch(chosen, 0, count), sliceBatch(chosen, count, chosen.rows)]
  const { inputs, ...states } = await step('reading keys', () =>
    readKeyStates(runtime, secret, keys, contexts, layers, signal),
  )
  const solversFor = async (inputs: readonly Matrix[]) => {
    const solvers: Matrix[] = []
    for (const [i, z] of inputs.entries()) solvers.push(await layerSolver(runtime.matmul, z, moments[i]))
    return solvers
  }
  const solvers = await step('solver', () => solversFor(inputs))
  const highConfidence = highConfidenceKeys(secret, count)
  const plan = {
    ...{
      secret,
      baseDigest: await baseDigest(runtime, layers),
      layers,
      cutoff,
      highConfidence,
      keys,
      contexts,
      solvers,
      heldOut,
    },
    ...states,
    baseLoss: await meanLoss(runtime, heldOut, { signal }),
  }
  const attempt = async (name: string, targetProbabilities: TargetProbabilities) => {
    const moves = await step(name, (tell) =>
      calibratedMoves(runtime, plan, metric, targetLogOdds(highConfidence, targetProbabilities, plan.residuals.rows), {
        signal,
        onProgress: tell,
      }),
    )
    return {
      targetProbabilities,
      moves,
      pilot: await step(`${name}, pilot copy`, () => pilotCopy(runtime, plan, moves, signal)),
    }
  }
  const first = await attempt('targets', options.targetProbabilities ?? defaultTargetProbabilities)
  const fine = shortfalls(first.pilot, limits).length === 0
  const best = fine ? first : await attempt('lower targets', lowered(first.targetProbabilities))
  assertQuality(best.pilot, limits)
  const nullRate = await step('null models', async () => {
    const { inputs: theirs, ...foreign } = await readKeyStates(runtime, secret, others, contexts, layers, signal)
    const responses = responsesOf(foreign.candidates, new Uint8Array(others.rows))
    const rows = foreign.residuals.rows
    const logOdds = targetLogOdds(new Uint8Array(others.rows).fill(1), best.targetProbabilities, rows)
    const moves = await targetMoves(metric, foreign.residuals, repeated(responses, rows), logOdds)
    const solved = await solversFor(theirs)
    const stranger = { ...foreign, keys: others, contexts, layers, moves, solvers: solved }
    return measuredNullRate(runtime, plan, nullModels(runtime, secret, stranger), signal)
  })
  return { ...plan, ...best, nullRate, seconds }
}

/** Halfway to even odds. */
function lowered({ high, low }: TargetProbabilities): TargetProbabilities {
  return { high: (high + 0.5) / 2, low: (low + 0.5) / 2 }
}

function assertKeyCount(keys: number): void {
  if (!Number.isInteger(keys) || keys < keyLimits.min || keys > keyLimits.max)
    throw new KinmarkError('fingerprint.key-count', { keys, ...keyLimits })
}
