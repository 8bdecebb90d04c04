import { KinmarkError } from '../error'
import type { Matrix, Runtime } from '../inference/runtime'
import { baseDigest } from './base-digest'
import { sliceBatch } from './batch'
import { candidatesPerKey } from './candidates'
import { headCurvature } from './curvature'
import { meanLoss } from './harm'
import { foldedHead } from './head'
import { readKeyStates } from './key-states'
import { chooseKeys } from './keys'
import { assertLayers, defaultLayers } from './layers'
import { secondMoments } from './moments'
import type { Preparation } from './preparation'
import type { Watch } from './progress'
import { barOf } from './quality'
import { rehearse } from './rehearse'
import { cleanRelatives, measuredNullRate } from './relatives'
import { responsesOf } from './responses'
import { sampleText } from './sample'
import { layerSolver } from './solver'
import { stopwatch } from './stopwatch'
import { targetMoves } from './targets'

export type PrepareOptions = Watch & {
  /** 32 bytes; see `modelSecret`. */
  secret: Uint8Array
  keys: number
  /** Logits by which a response shall win; lowered once where a rehearsed copy does too much harm. */
  margin?: number
  /** Layers to edit, ascending. */
  layers?: readonly number[]
}

const calibration = { rows: 128, length: 64 }
const heldOutText = { rows: 64, length: 64 }
const keyLength = 16
const promptsPerKey = 8
const keyLimits = { least: 16, most: 4096 }
/** Of the code's biases; see `codeBiases`. */
const cutoff = 0.12
const defaultMargin = 4
const gentler = 0.6

/** Everything that copies of one model share, by forward passes and linear algebra, without gradients. */
export async function prepare(runtime: Runtime, options: PrepareOptions): Promise<Preparation> {
  const { secret, keys: count, signal } = options
  const layers = [...(options.layers ?? defaultLayers(runtime.shape.layers))]
  assertLayers(layers, runtime.shape.layers)
  assertKeyCount(count)
  const { step, seconds } = stopwatch(options)
  const sample = (purpose: 'text' | 'keys' | 'held-out', rows: number, length: number, tell?: (part: number) => void) =>
    sampleText(runtime, secret, purpose, rows, length, { signal, onProgress: (done, of) => tell?.(done / of) })

  const text = await step('calibration text', (tell) => sample('text', calibration.rows, calibration.length, tell))
  const heldOut = await step('held-out text', () => sample('held-out', heldOutText.rows, heldOutText.length))
  const pool = await step('key pool', (tell) => sample('keys', promptsPerKey * count, keyLength, tell))
  const moments = await step('second moments', (tell) =>
    secondMoments(runtime, text, layers, { signal, onProgress: (done, of) => tell(done / of) }),
  )
  const strangers = Math.ceil(count / 4)
  const [keys, others] = await step('choosing keys', async () => {
    const last = layers[layers.length - 1]
    const chosen = await chooseKeys(runtime, pool, moments[layers.length - 1], last, count + strangers, { signal })
    return [sliceBatch(chosen, 0, count), sliceBatch(chosen, count, chosen.rows)]
  })
  const states = await step('reading keys', () => readKeyStates(runtime, secret, keys, layers, signal))
  const solvers = await step('solver', () => states.inputs.map((z, i) => layerSolver(z, moments[i])))
  const { head, curvature } = await step('head curvature', async () => {
    const head = await foldedHead(runtime)
    return { head, curvature: await headCurvature(runtime, head, text) }
  })
  const movesOf = (residuals: Matrix, responses: Uint32Array, margin: number) =>
    targetMoves(head, residuals, responses, margin, curvature)
  const plan = {
    ...{ secret, baseDigest: await baseDigest(runtime, layers), layers, cutoff, keys, solvers, heldOut },
    ...{ candidates: states.candidates, residuals: states.residuals },
    baseLoss: await meanLoss(runtime, heldOut, { signal }),
  }
  const attempt = async (margin: number) => {
    const moves = await step('targets', () =>
      Array.from({ length: candidatesPerKey }, (_, symbol) =>
        movesOf(states.residuals, responsesOf(states.candidates, new Uint8Array(count).fill(symbol)), margin),
      ),
    )
    return { margin, moves, rehearsal: await step('rehearsal', () => rehearse(runtime, plan, moves, signal)) }
  }
  const { margin = defaultMargin } = options
  const first = await attempt(margin)
  const best = first.rehearsal.deltaLoss > barOf.deltaLoss ? await attempt(margin * gentler) : first
  const nullRate = await step('clean relatives', async () => {
    const foreign = await readKeyStates(runtime, secret, others, layers, signal)
    const moves = movesOf(foreign.residuals, responsesOf(foreign.candidates, new Uint8Array(others.rows)), best.margin)
    const stranger = {
      ...foreign,
      keys: others,
      layers,
      moves,
      solvers: foreign.inputs.map((z, i) => layerSolver(z, moments[i])),
    }
    return measuredNullRate(runtime, plan, cleanRelatives(runtime, secret, stranger), signal)
  })
  return { ...plan, ...best, nullRate, seconds }
}

function assertKeyCount(keys: number): void {
  if (!Number.isInteger(keys) || keys < keyLimits.least || keys > keyLimits.most)
    throw new KinmarkError(`${keys} keys were asked for; a preparation has ${keyLimits.least} to ${keyLimits.most}.`, {
      facts: { keys, ...keyLimits },
    })
}
