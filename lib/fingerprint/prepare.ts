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
  /** Lowered once where the pilot copy misses the quality limits. */
  targetProbabilities?: TargetProbabilities
  /** Layers to edit, ascending. */
  layers?: readonly number[]
  /** Texts around the keys, besides random text; see `promptContexts`. */
  contexts?: readonly Context[]
  limits?: QualityLimits
  /** Finished steps are stored here, for a later run with the same options. */
  store?: StageStore
}

const calibration = { rows: 256, length: 64 }
const heldOutText = { rows: 64, length: 64 }
const keyLength = 16
/** Prompts sampled per key; fewer for a wide model, where sampling them takes the most time. */
const promptsPerKey = { small: 32, large: 8, smallHidden: 1024 }
const keyLimits = { min: 16, max: 4096 }
/** Smallest probability of a symbol; see `codeBiases`. */
const cutoff = 0.12

/**
 * Prepares a model for minting: everything that its copies share, from forward passes and linear algebra, without
 * gradients. Throws `fingerprint.key-count`, `fingerprint.layers-invalid`, `fingerprint.prompts-too-few`, and
 * `fingerprint.quality-too-low` where the pilot copy misses a limit even with lowered targets.
 */
export async function prepare(runtime: FingerprintRuntime, options: PrepareOptions): Promise<Preparation> {
  const { secret, keys: count, signal, limits = defaultLimits } = options
  const { shape } = runtime
  const layers = [...(options.layers ?? defaultLayers(shape.layers))]
  assertLayers(layers, shape.layers)
  assertKeyCount(count)
  const { step, seconds } = stageRunner(options, 'prepare', options.store)
  const rowsDone = (report: (part: number) => void) => ({
    signal,
    onProgress: (done: number, total: number) => report(done / total),
  })

  const text = await step('calibration text', (report) =>
    sampleText(runtime, secret, 'text', calibration.rows, calibration.length, rowsDone(report)),
  )
  const heldOut = await step('held-out text', () =>
    sampleText(runtime, secret, 'held-out', heldOutText.rows, heldOutText.length, { signal }),
  )
  const pool = await step('key pool', (report) => {
    const perKey = shape.hidden <= promptsPerKey.smallHidden ? promptsPerKey.small : promptsPerKey.large
    return sampleScored(runtime, secret, 'keys', perKey * count, keyLength, rowsDone(report))
  })
  const moments = await step('second moments', (report) => secondMoments(runtime, text, layers, rowsDone(report)))
  const head = await foldedHead(runtime)
  const inverseCurvature = await step('head curvature', async () =>
    inverse(cholesky(await headCurvature(runtime, head, text))),
  )
  const metric: HeadMetric = { matmul: runtime.matmul, head, inverseCurvature }
  const contexts = [...(options.contexts ?? []), ...(await randomPrefixes(runtime, secret, signal))]
  // The last keys mark a null model: a copy of another preparation.
  const otherCount = Math.ceil(count / 4)
  const chosen = await step('choosing keys', (report) => {
    const [moment, layer] = [moments[layers.length - 1], layers[layers.length - 1]]
    return chooseKeys(runtime, pool, { moment, layer, metric, contexts, count: count + otherCount }, rowsDone(report))
  })
  const [keys, otherKeys] = [sliceBatch(chosen, 0, count), sliceBatch(chosen, count, chosen.rows)]
  const { inputs, ...states } = await step('reading keys', () =>
    readKeyStates(runtime, secret, keys, contexts, layers, signal),
  )
  const solversFor = async (keyInputs: readonly Matrix[]) => {
    const solvers: Matrix[] = []
    for (const [i, z] of keyInputs.entries()) solvers.push(await layerSolver(runtime.matmul, z, moments[i]))
    return solvers
  }
  const solvers = await step('solver', () => solversFor(inputs))
  const highConfidence = highConfidenceKeys(secret, count)
  const plan = {
    ...{ secret, layers, cutoff, highConfidence, keys, contexts, solvers, heldOut },
    ...states,
    baseDigest: await baseDigest(runtime, layers),
    baseLoss: await meanLoss(runtime, heldOut, { signal }),
  }
  const attempt = async (name: string, targetProbabilities: TargetProbabilities) => {
    const logOdds = targetLogOdds(highConfidence, targetProbabilities, plan.residuals.rows)
    const moves = await step(name, (report) =>
      calibratedMoves(runtime, plan, metric, logOdds, { signal, onProgress: report }),
    )
    const pilot = await step(`${name}, pilot copy`, () => pilotCopy(runtime, plan, moves, signal))
    return { targetProbabilities, moves, pilot }
  }
  const first = await attempt('targets', options.targetProbabilities ?? defaultTargetProbabilities)
  const reached = shortfalls(first.pilot, limits).length === 0
  const best = reached ? first : await attempt('lower targets', lowered(first.targetProbabilities))
  assertQuality(best.pilot, limits)
  const nullRate = await step('null models', async () => {
    const states = await readKeyStates(runtime, secret, otherKeys, contexts, layers, signal)
    const { inputs: otherInputs, residuals, candidates } = states
    const responses = responsesOf(candidates, new Uint8Array(otherCount))
    const logOdds = targetLogOdds(new Uint8Array(otherCount).fill(1), best.targetProbabilities, residuals.rows)
    const moves = await targetMoves(metric, residuals, repeated(responses, residuals.rows), logOdds)
    const other = { keys: otherKeys, contexts, layers, residuals, moves, solvers: await solversFor(otherInputs) }
    return measuredNullRate(runtime, plan, nullModels(runtime, secret, other), signal)
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
