import { KinmarkError } from '../error'
import type { FingerprintRuntime, TokenBatch } from '../inference/runtime'
import type { TextTokenizer } from '../weights/text/tokenizer'
import { derive } from './code/secrets'
import { baseDigest } from './edit/base-digest'
import { assertLayers, defaultLayers } from './edit/layers'
import type { Preparation } from './format/preparation'
import { headCurvature } from './head/curvature'
import { foldedHead, type HeadMetric } from './head/head'
import { batchOf, tokensOf } from './keys/batch'
import { type Share, sampleShare, sampleShares, sharedMoments, sumShare } from './keys/shares'
import { cholesky, inverse } from './linear/cholesky'
import { chooseNearTies, promptLengths } from './near-ties/choose-near-ties'
import { copyBits } from './near-ties/copy-bits'
import { differencesUnder, embedTies, type TieEmbedding, writeTies } from './near-ties/embed-ties'
import { type NearTieKeys, runKeys } from './near-ties/near-tie-keys'
import { steadyTies } from './near-ties/steady-ties'
import { measureChannel, simulatedAttack } from './near-ties/tie-channel'
import { tieKernel, tieWriting } from './near-ties/tie-writing'
import { agreementOf } from './quality/agreement'
import { assertQuality, defaultLimits, type QualityLimits } from './quality/quality'
import { meanLoss } from './quality/quality-loss'
import type { ProgressOptions } from './stages/progress'
import { stageRunner } from './stages/stage-runner'
import { keeper, memoryStore, type StageStore } from './stages/stage-store'

export type PrepareOptions = ProgressOptions & {
  /** 32 bytes; see `modelSecret`. */
  secret: Uint8Array
  keys?: number
  /** The model's own: only keys that text can carry are chosen. */
  tokenizer?: TextTokenizer | null
  /** Layers to edit, ascending. */
  layers?: readonly number[]
  /** By how many nats a copy's answer is asked to lead. The ridge leaves about two thirds of it. */
  margin?: number
  /** See `tieWriting`. */
  floor?: number
  /** Harm, nats per token, that a copy may do: the margin is lowered where the pilots do more. */
  mostHarm?: number
  limits?: QualityLimits
  /** Finished steps are stored here, for a later run with the same options. It also keeps what does not fit in memory. */
  store?: StageStore
  /** Into how many shares the sampling and the second moments are split; see `prepareShare`. */
  shares?: number
}

export const defaultKeys = 1024
const defaults = { keys: defaultKeys, margin: 2, floor: 1, mostHarm: 0.04, limits: defaultLimits, shares: 1 }
/** Fewer than this could not name one copy of many. */
const keyLimits = { min: 64, max: 8192 }
const calibration = { purpose: 'text', rows: 256, length: 64 } as const
const heldOutText = { purpose: 'held-out', rows: 64, length: 64 } as const
/** Texts sampled for every key, and near ties found in them of which the steadiest become keys. */
const textsPerKey = 2
const tiesPerKey = 3
const pilots = 4

const poolOf = (keys: number) =>
  ({ purpose: 'keys', rows: textsPerKey * keys, length: Math.max(...promptLengths) }) as const

/**
 * What one of several machines does for a preparation, ahead of `prepare` with as many `shares` and the same options:
 * sampling its part of the texts, and summing second moments over its part of the calibration text. The results are put
 * into the store. They depend on the split by no more than rounding.
 */
export async function prepareShare(
  runtime: FingerprintRuntime,
  share: Share,
  { secret, store, signal, keys = defaultKeys, ...options }: PrepareOptions & { store: StageStore },
): Promise<void> {
  const layers = options.layers ?? defaultLayers(runtime.shape.layers)
  const keep = keeper(store)
  const rows = await sampleShare(runtime, calibration, share, { secret, keep, signal })
  await sampleShare(runtime, poolOf(keys), share, { secret, keep, signal })
  await sumShare(runtime, rows, layers, share, { keep, signal })
}

/**
 * Everything that copies of one model share, by forward passes and linear algebra, without gradients. Throws
 * `fingerprint.key-count`, `fingerprint.layers-invalid`, `fingerprint.ties-too-few`, and `fingerprint.quality-too-low`
 * where the pilot copies miss a limit.
 */
export async function prepare(runtime: FingerprintRuntime, options: PrepareOptions): Promise<Preparation> {
  const {
    secret,
    signal,
    tokenizer,
    keys: count,
    margin,
    floor,
    mostHarm,
    limits,
    shares,
  } = { ...defaults, ...options }
  const { shape, matmul } = runtime
  const layers = [...(options.layers ?? defaultLayers(shape.layers))]
  assertLayers(layers, shape.layers)
  assertKeyCount(count)
  const store = options.store ?? memoryStore()
  const keep = keeper(store)
  const { step, keptStep, seconds } = stageRunner(options, 'prepare', store)
  const partsDone = (report: (part: number) => void) => ({
    signal,
    onProgress: (done: number, total: number) => report(done / total),
  })

  const sampling = (report: (part: number) => void) => ({ secret, keep, signal, onProgress: report })
  const text = await keptStep('calibration text', (report) =>
    sampleShares(runtime, calibration, shares, sampling(report)),
  )
  const heldOut = await keptStep('held-out text', (report) => sampleShares(runtime, heldOutText, 1, sampling(report)))
  const pool = await keptStep('key pool', (report) => sampleShares(runtime, poolOf(count), shares, sampling(report)))
  await keptStep('second moments', async (report) => {
    for (let part = 0; part < shares; part++) {
      const share = { part, of: shares }
      const rows = await sampleShare(
        runtime,
        calibration,
        share,
        sampling(() => undefined),
      )
      const onProgress = (done: number) => report((part + done) / shares)
      await sumShare(runtime, rows, layers, share, { keep, signal, onProgress })
    }
  })
  const moments = sharedMoments(layers, shape.ff, text.rows * text.length, shares, keep)
  const head = await foldedHead(runtime)
  const inverseCurvature = await step('head curvature', async () =>
    inverse(cholesky(await headCurvature(runtime, head, text))),
  )
  const metric: HeadMetric = { matmul, head, inverseCurvature }
  const attack = simulatedAttack(runtime, layers, moments)
  const keys = await step('choosing keys', async (report) => {
    const lead = specialTokens(tokenizer)
    const source = { texts: withLead(lead, pool), lead: lead.length, tokenizer }
    const ties = await chooseNearTies(runtime, head, source, tiesPerKey * count, { ...partsDone(report), keep })
    const differences = await keep('near ties in the base', () => differencesUnder(runtime, ties, new Map(), signal))
    const attacked = await keep('near ties in the attacked base', async () =>
      differencesUnder(runtime, ties, await attack(new Map()), signal),
    )
    return steadyTies(ties, differences, attacked, count)
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
  const plan = (margin: number): TieEmbedding => ({ ...embedding, margins: new Float64Array(count).fill(margin) })
  const attempt = async (margin: number) => {
    const alphas: Float64Array[] = []
    let harm = 0
    for (const [i, each] of bits.entries()) {
      const made = await keep(`pilot ${i}, margin ${margin}`, async () => {
        const { values, alpha } = await embedTies(runtime, plan(margin), each, 'F32', { signal })
        return { alpha, harm: (await meanLoss(runtime, heldOut, { edits: values, signal })) - baseLoss }
      })
      harm += made.harm / pilots
      alphas.push(made.alpha)
    }
    return { margin, alphas, harm }
  }
  const measured = await step('pilot copies', async (report) => {
    const first = await attempt(margin)
    report(0.3)
    // Harm grows with the square of the margin.
    const last = first.harm <= mostHarm ? first : await attempt(margin * Math.sqrt(mostHarm / first.harm))
    report(0.6)
    const edits = async (i: number) => (await writeTies(runtime, layers, writing, last.alphas[i], 'F32')).values
    const copies = bits.map((each, i) => ({ bits: each, edits: () => edits(i) }))
    const channel = await measureChannel(runtime, keys, attack, copies, { keep, signal })
    const leads = await differencesUnder(runtime, keys, await edits(0), signal)
    return { margin: last.margin, harm: last.harm, channel, agreement: agreementOf(leads, bits[0]) }
  })
  const pilot = { agreement: measured.agreement, deltaLoss: measured.harm }
  assertQuality(pilot, limits)
  return {
    ...plan(measured.margin),
    ...{ secret, baseDigest: await baseDigest(runtime, layers), channel: measured.channel, heldOut, baseLoss, pilot },
    seconds,
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

/** The special tokens that a tokenizer puts before every prompt; none where it also puts some after. */
function specialTokens(tokenizer?: TextTokenizer | null): number[] {
  const sample = 'a'
  const [plain, whole] = [tokenizer?.encode(sample) ?? [], tokenizer?.encodePrompt(sample) ?? []]
  const lead = whole.length - plain.length
  return plain.every((id, i) => whole[lead + i] === id) ? [...whole.slice(0, lead)] : []
}

function withLead(lead: readonly number[], texts: TokenBatch): TokenBatch {
  if (lead.length === 0) return texts
  return batchOf(Array.from({ length: texts.rows }, (_, i) => [...lead, ...tokensOf(texts, i)]))
}

function assertKeyCount(keys: number): void {
  if (!Number.isInteger(keys) || keys < keyLimits.min || keys > keyLimits.max)
    throw new KinmarkError('fingerprint.key-count', { keys, ...keyLimits })
}
