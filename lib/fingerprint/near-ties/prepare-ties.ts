import type { FingerprintRuntime } from '../../inference/runtime'
import { derive } from '../code/secrets'
import { baseDigest } from '../edit/base-digest'
import { assertLayers } from '../edit/layers'
import { secondMoments } from '../keys/moments'
import { sampleText } from '../keys/sample'
import { cholesky, inverse } from '../linear/cholesky'
import { meanLoss } from '../quality/quality-loss'
import type { ProgressOptions } from '../stages/progress'
import { stageRunner } from '../stages/stage-runner'
import type { StageStore } from '../stages/stage-store'
import { headCurvature } from '../targets/curvature'
import { foldedHead } from '../targets/head'
import type { HeadMetric } from '../targets/target-moves'
import { chooseNearTies, promptLengths } from './choose-near-ties'
import { copyBits } from './copy-bits'
import { differencesUnder, embedTies, type TieEmbedding } from './embed-ties'
import { agreementOf } from './mint-ties'
import { type NearTieKeys, runKeys } from './near-tie-keys'
import type { TiePreparation } from './preparation'
import { steadyTies } from './steady-ties'
import { measureChannel, simulatedAttack } from './tie-channel'
import { tieKernel, tieWriting } from './tie-writing'

export type PrepareTiesOptions = ProgressOptions & {
  /** 32 bytes; see `modelSecret`. */
  secret: Uint8Array
  keys?: number
  /** Layers to edit, ascending; by default all. */
  layers?: readonly number[]
  /** By how many nats a copy's answer is asked to lead. The ridge leaves about two thirds of it. */
  margin?: number
  /** See `tieWriting`. */
  floor?: number
  /** Harm, nats per token, that a copy may do: the margin is lowered where the pilots do more. */
  mostHarm?: number
  /** Where finished steps are kept for a later run with the same options. */
  store?: StageStore
}

const defaults = { keys: 1024, margin: 2, floor: 1, mostHarm: 0.045 }
const calibration = { rows: 256, length: 64 }
const heldOutText = { rows: 64, length: 64 }
/** Texts sampled for every key, and near ties found in them of which the steadiest become keys. */
const textsPerKey = 2
const tiesPerKey = 3
const pilots = 4

/** Everything that copies of one model share, by forward passes and linear algebra, without gradients. */
export async function prepareTies(runtime: FingerprintRuntime, options: PrepareTiesOptions): Promise<TiePreparation> {
  const { secret, signal, keys: count, margin, floor, mostHarm } = { ...defaults, ...options }
  const { shape, matmul } = runtime
  const layers = [...(options.layers ?? Array.from({ length: shape.layers }, (_, i) => i))]
  assertLayers(layers, shape.layers)
  const { step, seconds } = stageRunner(options, 'prepare', options.store)
  const longest = Math.max(...promptLengths)

  const text = await step('calibration text', () =>
    sampleText(runtime, secret, 'text', calibration.rows, calibration.length, { signal }),
  )
  const heldOut = await step('held-out text', () =>
    sampleText(runtime, secret, 'held-out', heldOutText.rows, heldOutText.length, { signal }),
  )
  const pool = await step('key pool', (tell) =>
    sampleText(runtime, derive(secret, 'keys', [], 32), 'keys', textsPerKey * count, longest, {
      signal,
      onProgress: (done, total) => tell(done / total),
    }),
  )
  const moments = await step('second moments', () => secondMoments(runtime, text, layers, { signal }))
  const head = await foldedHead(runtime)
  const inverseCurvature = await step('head curvature', async () =>
    inverse(cholesky(await headCurvature(runtime, head, text))),
  )
  const metric: HeadMetric = { matmul, head, inverseCurvature }
  const attack = await simulatedAttack(runtime, layers, moments)
  const keys = await step('choosing keys', async () => {
    const ties = await chooseNearTies(runtime, head, pool, tiesPerKey * count, { signal })
    const differences = await differencesUnder(runtime, ties, new Map(), signal)
    return steadyTies(ties, differences, await differencesUnder(runtime, ties, await attack(new Map()), signal), count)
  })
  const { writing, kernel } = await step('solver', async () => {
    const states = await tieStates(runtime, keys, layers, signal)
    const writing = await tieWriting(metric, keys, states, moments, floor)
    return { writing, kernel: await tieKernel(metric, keys, states, writing) }
  })
  const baseLoss = await meanLoss(runtime, heldOut, { signal })
  const embedding = { keys, layers, writing, kernel }
  const bits = Array.from({ length: pilots }, (_, i) =>
    copyBits(secret, `pilot ${i}`, derive(secret, 'pilot', [], 32), count),
  )
  const attempt = async (margin: number) => {
    const plan: TieEmbedding = { ...embedding, margins: new Float64Array(count).fill(margin) }
    const edits: Map<string, Float32Array>[] = []
    for (const each of bits) edits.push((await embedTies(runtime, plan, each, 'F32', { signal })).values)
    let harm = 0
    for (const each of edits) harm += ((await meanLoss(runtime, heldOut, { edits: each, signal })) - baseLoss) / pilots
    return { plan, edits, harm }
  }
  const { plan, edits, harm } = await step('pilot copies', async () => {
    const first = await attempt(margin)
    // Harm grows with the square of the margin.
    return first.harm <= mostHarm ? first : attempt(margin * Math.sqrt(mostHarm / first.harm))
  })
  const channel = await step('simulated attacks', () =>
    measureChannel(
      runtime,
      keys,
      attack,
      bits.map((each, i) => ({ bits: each, edits: edits[i] })),
      signal,
    ),
  )
  const agreement = agreementOf(await differencesUnder(runtime, keys, edits[0], signal), bits[0])
  return {
    ...plan,
    ...{ secret, baseDigest: await baseDigest(runtime, layers), channel, heldOut, baseLoss, seconds },
    pilot: { agreement, deltaLoss: harm },
  }
}

async function tieStates(
  runtime: FingerprintRuntime,
  keys: NearTieKeys,
  layers: readonly number[],
  signal?: AbortSignal,
) {
  const taps = layers.map((layer) => `z.${layer}` as const)
  const out = await runKeys(runtime, keys, ['residual', ...taps], { signal })
  return { residuals: out.residual, inputs: taps.map((tap) => out[tap]) }
}
