import { KinmarkError } from '../error'
import type { FingerprintRuntime, Matrix, TokenBatch } from '../inference/runtime'
import type { TextTokenizer } from '../weights/text/tokenizer'
import { derive } from './code/secrets'
import { baseDigest } from './edit/base-digest'
import { assertLayers, defaultLayers } from './edit/layers'
import type { Preparation } from './format/preparation'
import { headCurvature } from './head/curvature'
import { foldedHead, type HeadMetric } from './head/head'
import { batchOf, tokensOf } from './keys/batch'
import type { ChatFrame } from './keys/chat-frame'
import { sampleText } from './keys/sample'
import { keepSums, sampledText, sharedMoments } from './keys/shares'
import { cholesky, inverse } from './linear/cholesky'
import { carriedKeys, distinctKeys, leaningChances } from './near-ties/carried-keys'
import { type ChosenTies, chooseNearTies, enoughTies, promptLengths } from './near-ties/choose-near-ties'
import { copyBits } from './near-ties/copy-bits'
import { type RidgeSolver, ridgeSolver, type TieEmbedding } from './near-ties/embed-ties'
import { least, restricted } from './near-ties/inconspicuous'
import { joinedKeys, type NearTieKeys, runKeys, takeKeys } from './near-ties/near-tie-keys'
import { attackedPilot, type Pilot, pilotMaker, withMargin } from './near-ties/pilots'
import { layerDistances } from './near-ties/rarity'
import { differencesAt } from './near-ties/shared-runs'
import { channelOf, simulatedAttack } from './near-ties/tie-channel'
import { tieKernel, tieWriting } from './near-ties/tie-writing'
import { agreementOf } from './quality/agreement'
import { checkBase } from './quality/check-base'
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
  /** How the model is asked in a chat, with its tokenizer: every other key is then a user's message. */
  chat?: ChatFrame | null
  /** Layers to edit, ascending. */
  layers?: readonly number[]
  /** By how many nats a copy's answer is asked to lead. The ridge leaves about two thirds of it. */
  margin?: number
  /** See `tieWriting`. */
  floor?: number
  /** Harm, nats per token, that a copy may do: the margin is lowered where the pilots do more. See `allowedHarm`. */
  mostHarm?: number
  limits?: QualityLimits
  /** Finished steps are stored here, for a later run with the same options. It also keeps what does not fit in memory. */
  store?: StageStore
  /** Into how many shares the second moments are split, so that as many machines can make them; see `prepareShare`. */
  shares?: number
}

const defaults = { margin: 2, floor: 1, limits: defaultLimits, shares: 1 }
/** Fewer than this could not name one copy of many. */
const keyLimits = { min: 64, max: 8192 }
const calibration = { purpose: 'text', rows: 256, length: 64 } as const
const heldOutText = { purpose: 'held-out', rows: 64, length: 64 } as const
/** Keys written for every one that is kept: those that a refit beside a copy would notice most are dropped. */
const spareKeys = 1.15
/** How many times as many texts are sampled, at most, where the first hold too few near ties. */
const mostPools = 8
/** User's messages that chat keys are looked for in: for every key asked for, and at least. */
const messagesPerKey = 1 / 2
const leastMessages = 256
/** By how much the share of keys that lean must exceed its limit by the kernel: copies differ, and int8 is checked on some keys. */
const sureOfAgreement = 0.04
/** Pilots that are attacked, and those whose harm is measured. */
const pilots = { attacked: 3, harmed: 2 }
const marginTries = 3

/**
 * Harm that copies of a model may do on its own text, nats per token: the wider its `down_proj`, the more room there is for
 * the keys. The power is such that Quill (ff 2,048) loses about 0.009 on a novel that it has not read, where `tiny` loses 0.04.
 */
function allowedHarm(ff: number): number {
  return 0.0371 * Math.min(1, 512 / ff) ** 1.65
}

/**
 * Keys of a model whose creator names no number, by the width of its `down_proj`. Five copies of which one at random answers
 * leave some 0.017 nats a secret key against each, and 30 nats name one of ten thousand. Narrow models, in which so many
 * would get in each other's way, have fewer.
 */
export function defaultKeys(ff: number): number {
  return ff < 2048 ? 1536 : 2048
}

const poolOf = (keys: number) => ({ purpose: 'keys', rows: keys, length: Math.max(...promptLengths) }) as const

/**
 * What machines that share a store do together for a preparation, ahead of `prepare` with the same options: sampling,
 * second moments, the search for near ties, and the attacked pilots. Each makes what no other one is making. The results
 * depend on the number of `shares` by no more than rounding, and not on the machines.
 */
export async function prepareShare(
  runtime: FingerprintRuntime,
  options: PrepareOptions & { store: StageStore },
): Promise<void> {
  await prepareUntil('pilots', runtime, options)
}

/**
 * Everything that copies of one model share, by forward passes and linear algebra, without gradients. Throws
 * `fingerprint.key-count`, `fingerprint.layers-invalid`, `fingerprint.ties-too-few`, and `fingerprint.quality-too-low`
 * where the pilot copies miss a limit.
 */
export async function prepare(runtime: FingerprintRuntime, options: PrepareOptions): Promise<Preparation> {
  return (await prepareUntil('end', runtime, options)) as Preparation
}

/** Null where it ends with the pilots. */
async function prepareUntil(
  last: 'pilots' | 'end',
  runtime: FingerprintRuntime,
  options: PrepareOptions,
): Promise<Preparation | null> {
  const { shape, matmul } = runtime
  const {
    secret,
    signal,
    tokenizer,
    keys: count = defaultKeys(shape.ff),
    floor,
    limits,
    shares,
    mostHarm = allowedHarm(shape.ff),
    ...given
  } = { ...defaults, ...options }
  const layers = [...(options.layers ?? defaultLayers(shape.layers))]
  assertLayers(layers, shape.layers)
  assertKeyCount(count)
  const spare = Math.ceil(spareKeys * count)
  const store = options.store ?? memoryStore()
  const keep = keeper(store, signal)
  const { step, keptStep, seconds } = stageRunner(options, 'prepare', store)
  const partsDone = (report: (part: number) => void) => ({
    signal,
    onProgress: (done: number, total: number) => report(done / total),
  })

  const sampling = (report: (part: number) => void) => ({ secret, keep, signal, onProgress: report })
  const text = await keptStep('calibration text', (report) =>
    sampledText(runtime, calibration, shares, sampling(report)),
  )
  const heldOut = await keptStep('held-out text', (report) => sampledText(runtime, heldOutText, 1, sampling(report)))
  const pool = await keptStep('key pool', (report) => sampledText(runtime, poolOf(count), shares, sampling(report)))
  await keptStep('second moments', (report) =>
    keepSums(runtime, text, layers, shares, { keep, signal, onProgress: report }),
  )
  const moments = sharedMoments(layers, shape.ff, text.rows * text.length, shares, keep)
  const head = await foldedHead(runtime)
  const inverseCurvature = await step('head curvature', async () =>
    inverse(cholesky(await headCurvature(runtime, head, text))),
  )
  const metric: HeadMetric = { matmul, head, inverseCurvature }
  const attack = simulatedAttack(runtime, layers, moments)
  const source = async () => ({
    attacked: await attack(new Map()),
    seen: await layerDistances(matmul, layers, shape.ff, moments),
    tokenizer,
  })
  const choose = (name: string, texts: TokenBatch, wanted: number) =>
    keptStep(name, async (report) => {
      const lead = specialTokens(tokenizer)
      const from = { ...(await source()), texts: withLead(lead, texts), lead: lead.length }
      return chooseNearTies(runtime, head, from, wanted, { ...partsDone(report), keep })
    })
  const { purpose, rows, length } = poolOf(count)
  const writtenTies = async (keys: NearTieKeys) => {
    const states = await tieStates(runtime, keys, layers, signal)
    const writing = await tieWriting(metric, keys, states, moments, floor)
    return { writing, kernel: await tieKernel(metric, keys, states, writing) }
  }
  const { chat } = options
  const inChats =
    chat &&
    (await step('choosing chat keys', async (report) => {
      const count = Math.max(leastMessages, Math.ceil(messagesPerKey * rows))
      const messages = await sampleText(runtime, secret, 'chats', count, length, { signal, after: chat.before })
      const from = { ...(await source()), texts: withLead(chat.before, messages), lead: chat.before.length, chat }
      const found = await chooseNearTies(runtime, head, from, spare, { ...partsDone(report), keep })
      const distinct = distinctKeys((await writtenTies(found.keys)).kernel, Math.floor(spare / 2))
      return { keys: takeKeys(found.keys, distinct), attacked: pick(found.attacked, distinct) }
    }))
  const plain = spare - (inChats?.keys.gaps.length ?? 0)
  const few = await choose('choosing keys', pool, plain)
  // A model that hesitates seldom has to write more.
  const wanted = Math.ceil(enoughTies * plain)
  const times = Math.min(mostPools, Math.ceil((1.2 * wanted) / Math.max(1, few.found)))
  const more = () =>
    step('larger key pool', () =>
      sampleText(runtime, secret, purpose, (times - 1) * rows, length, { signal, from: rows }),
    )
  const chosen =
    few.found >= wanted || times < 2 ? few : await choose('choosing among more', joined(pool, await more()), plain)
  const ties = chosen.keys.gaps.length
  if (ties < plain) throw new KinmarkError('fingerprint.ties-too-few', { keys: plain, ties })
  const all = inChats ? together(chosen, inChats) : chosen
  const { writing, kernel } = await step('solver', () => writtenTies(all.keys))
  const solverOf = (kernel: Matrix) => once(() => ridgeSolver(runtime, kernel))
  const solveAll = solverOf(kernel)
  const carried = await step('keys that lean', async () => {
    const { gaps } = all.keys
    const chances = await leaningChances(runtime, { kernel, gaps, margin: given.margin / 2 }, await solveAll())
    return carriedKeys(chances, limits.agreement + sureOfAgreement, Math.ceil(spareKeys * keyLimits.min))
  })
  const isWhole = carried.length === spare
  const margins = new Float64Array(spare)
  const everything = { keys: all.keys, layers, writing, kernel, margins }
  const whole = isWhole ? everything : restricted(everything, carried)
  const { keys } = whole
  const attacked = pick(all.attacked, carried)
  const kept = Math.min(count, Math.floor(carried.length / spareKeys))
  const baseLoss = await meanLoss(runtime, heldOut, { signal })
  const bitsOf = (name: string, count: number) => copyBits(secret, name, derive(secret, 'pilot', [], 32), count)
  const pilotsOf = (embedding: TieEmbedding, solver: () => Promise<RidgeSolver>) =>
    pilotMaker({ runtime, embedding, solver, bitsOf: (name) => bitsOf(name, embedding.margins.length), signal })
  const makeWhole = pilotsOf(whole, isWhole ? solveAll : solverOf(whole.kernel))
  const harmOf = async ({ edits }: Pilot) => (await meanLoss(runtime, heldOut, { edits, signal })) - baseLoss
  // Harm grows with the square of the margin.
  const lowered = (margin: number, harm: number, most: number) =>
    harm <= most ? margin : margin * Math.sqrt((0.98 * most) / harm)
  const seen = await keptStep('inconspicuous keys', async (report) => {
    const harm = await keep('harm of a pilot', async () => harmOf(await makeWhole('pilot', given.margin)))
    const margin = lowered(given.margin, harm, (mostHarm * carried.length) / kept)
    const seen = await keep.each(
      Array.from({ length: pilots.attacked }, (_, i) => `attacked pilot ${i}`),
      async (i) => attackedPilot({ runtime, head }, keys, await makeWhole(`pilot ${i}`, margin), attack, signal),
      (done) => report(done / pilots.attacked),
    )
    return { margin, pilots: seen }
  })
  if (last === 'pilots') return null
  const noticed = keys.gaps.map((_, k) => seen.pilots.reduce((sum, each) => sum + each.noticed[k], 0))
  const inconspicuous = least(noticed, kept)
  const written = restricted(whole, inconspicuous)
  const makeCopy = pilotsOf(written, solverOf(written.kernel))
  const { margin, pilot } = await step('pilot copies', async () => {
    const harmed = async (margin: number) => {
      let deltaLoss = 0
      let last: Pilot | undefined
      for (let i = 0; i < pilots.harmed; i++) {
        last = await makeCopy(`harmed pilot ${i}`, margin)
        deltaLoss += (await harmOf(last)) / pilots.harmed
      }
      return { deltaLoss, last: last as Pilot }
    }
    let { margin } = seen
    for (let n = 1; ; n++) {
      const { deltaLoss, last } = await harmed(margin)
      if (deltaLoss <= 1.02 * mostHarm || n === marginTries) {
        const agreement = agreementOf(
          await differencesAt(runtime, head, written.keys, { edits: last.edits, signal }),
          last.bits,
        )
        return { margin, pilot: { agreement, deltaLoss } }
      }
      margin = lowered(margin, deltaLoss, mostHarm)
    }
  })
  assertQuality(pilot, limits)
  const channel = channelOf(
    pick(attacked, inconspicuous),
    seen.pilots.map((each, i) => ({
      bits: Int8Array.from(pick(bitsOf(`pilot ${i}`, carried.length), inconspicuous)),
      attacked: pick(each.attacked, inconspicuous),
    })),
  )
  const calibrated = { ...channel, shifts: channel.shifts.map((shift) => (shift * margin) / seen.margin) }
  const base = await step('what checks begin with', () =>
    checkBase(runtime, { secret, heldOut, keys: written.keys, channel: calibrated }, signal),
  )
  return {
    ...withMargin(written, margin),
    ...{ secret, baseDigest: await baseDigest(runtime, layers), heldOut, baseLoss, base, pilot, seconds },
    channel: calibrated,
  }
}

type Chosen = Pick<ChosenTies, 'keys' | 'attacked'>

function together(a: Chosen, b: Chosen): Chosen {
  const { keys, from } = joinedKeys(a.keys, b.keys)
  return { keys, attacked: pick([...a.attacked, ...b.attacked], from) }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** The values at these indexes. */
function pick(values: ArrayLike<number>, indexes: readonly number[]): Float64Array {
  return Float64Array.from(indexes, (k) => values[k])
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

/** The rows of both, which have one length. */
function joined(a: TokenBatch, b: TokenBatch): TokenBatch {
  return { ids: Int32Array.from([...a.ids, ...b.ids]), rows: a.rows + b.rows, length: a.length }
}

function assertKeyCount(keys: number): void {
  if (!Number.isInteger(keys) || keys < keyLimits.min || keys > keyLimits.max)
    throw new KinmarkError('fingerprint.key-count', { keys, ...keyLimits })
}
