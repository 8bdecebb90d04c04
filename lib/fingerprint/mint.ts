import type { Edits, FingerprintRuntime, TokenBatch } from '../inference/runtime'
import type { WeightDtype } from '../weights/dtype/dtype'
import { assertSameBase } from './edit/base-digest'
import { bitTable } from './evidence/copy-scores'
import { bet, leading, startWealth } from './evidence/wealth'
import type { Preparation } from './format/preparation'
import { fingerprintRootOf, keyPoolTree, responsesTree } from './keyset/commitment'
import { askingOrder } from './near-ties/asking-order'
import { copyBits, responsesOf } from './near-ties/copy-bits'
import { differencesUnder, embedTies } from './near-ties/embed-ties'
import { takeKeys } from './near-ties/near-tie-keys'
import { voteReliability } from './near-ties/vote-weights'
import { agreementOf } from './quality/agreement'
import { assertQuality, defaultLimits, type QualityLimits, type QualityReport } from './quality/quality'
import { meanDivergence, meanLoss } from './quality/quality-loss'
import { roundedTo } from './quality/rounding'
import type { ProgressOptions } from './stages/progress'
import { falsePositiveRate } from './verify'

/**
 * Threads of the runtime for `mint`. Summation order, and so the copy’s bytes, would otherwise depend on the thread count.
 */
export const mintThreads = 1

export type MintOptions = ProgressOptions & {
  /** The copy’s id on chain in decimal, or any other name. */
  copyId: string
  buyerSeed: Uint8Array
  /** Type of the edited tensors in the base’s files. */
  dtype: WeightDtype
  /** Text to measure the loss on, instead of the prepared text. */
  heldOut?: TokenBatch
  limits?: QualityLimits
}

export type Mint = {
  /** +1 or −1 per key: which of its two answers this copy leans to, [N]. */
  bits: Int8Array
  /** Tensor name → its new bytes in `dtype`, [out, in]. */
  edits: Map<string, Uint8Array>
  /** Names the key pool and the responses; see `fingerprintRootOf`. */
  fingerprintRoot: `0x${string}`
  responsesRoot: `0x${string}`
  report: QualityReport
  /** The part of `report.mintSeconds` spent in matrix products. */
  productSeconds: number
}

/** Keys that are asked with rounded weights, about: enough to see a loss of one in a hundred. */
const roundedKeys = 384
/** Copies among which the report's number of questions names one. */
const books = 10_000

/**
 * Mints one copy of a prepared model. The quality is measured on the tensors as they will be written. The same copy id
 * and seed give the same bytes. Throws `fingerprint.other-base`, `fingerprint.edit-overflow` and
 * `fingerprint.quality-too-low`.
 */
export async function mint(runtime: FingerprintRuntime, preparation: Preparation, options: MintOptions): Promise<Mint> {
  const { copyId, buyerSeed, dtype, limits = defaultLimits, signal, onProgress } = options
  await assertSameBase(runtime, preparation)
  const { secret, keys, seconds } = preparation
  const bits = copyBits(secret, copyId, buyerSeed, keys.gaps.length)
  const started = performance.now()
  const { bytes, values, productSeconds } = await embedTies(runtime, preparation, bits, dtype, {
    signal,
    onProgress: (done) => onProgress?.({ stage: 'mint', step: 'editing', done }),
  })
  const mintSeconds = (performance.now() - started) / 1000
  const measured = await measure(runtime, preparation, bits, values, options)
  assertQuality(measured, limits)
  const responsesRoot = responsesTree(preparation, copyId, responsesOf(keys.pairs, bits)).root
  return {
    ...{ bits, edits: bytes, productSeconds, responsesRoot },
    fingerprintRoot: fingerprintRootOf(keyPoolTree(preparation).root, responsesRoot),
    report: {
      ...{ method: 'near ties', ...measured, editedTensors: [...bytes.keys()], mintSeconds },
      prepareSeconds: Object.values(seconds).reduce((a, b) => a + b, 0),
    },
  }
}

type Measured = Omit<QualityReport, 'method' | 'editedTensors' | 'prepareSeconds' | 'mintSeconds'>

/** Measures a copy with its edited tensors as they will be written to the file. `heldOut` replaces the prepared text. */
async function measure(
  runtime: FingerprintRuntime,
  preparation: Preparation,
  bits: Int8Array,
  edits: Edits,
  { signal, onProgress, ...options }: Pick<MintOptions, 'signal' | 'onProgress' | 'heldOut'>,
): Promise<Measured> {
  const report = (step: string, done: number) => onProgress?.({ stage: 'check', step, done })
  report('keys', 0)
  const differences = await differencesUnder(runtime, preparation.keys, edits, signal)
  report('keys with rounded weights', 0.2)
  const every = Math.max(1, Math.floor(bits.length / roundedKeys))
  const some = Array.from({ length: Math.ceil(bits.length / every) }, (_, i) => i * every)
  const [someKeys, someBits] = [takeKeys(preparation.keys, some), Int8Array.from(some, (k) => bits[k])]
  const rounded = async (digits: 8 | 4) =>
    agreementOf(await differencesUnder(runtime, someKeys, roundedTo(digits, edits), signal), someBits)
  const [int8, int4] = [await rounded(8), await rounded(4)]
  const heldOut = options.heldOut ?? preparation.heldOut
  report('divergence on held-out text', 0.6)
  const kl = await meanDivergence(runtime, heldOut, { edits, signal })
  report('loss on held-out text', 0.8)
  const baseLoss = options.heldOut ? await meanLoss(runtime, heldOut, { signal }) : preparation.baseLoss
  const deltaLoss = (await meanLoss(runtime, heldOut, { edits, signal })) - baseLoss
  report('checked', 1)
  return {
    ...{ keys: bits.length, agreement: agreementOf(differences, bits), rounded: { int8, int4 } },
    ...{ questions: questionsOf(preparation, bits, differences), baseLoss, deltaLoss, kl },
  }
}

/** Secret keys asked in order until the copy with these bits is named among ten thousand; null where it never is. */
function questionsOf({ channel }: Preparation, bits: Int8Array, differences: Float64Array): number | null {
  const wealth = startWealth(bitTable([bits], bits.length))
  for (const k of askingOrder(channel)) {
    const vote = Math.sign(differences[k])
    bet(wealth, k, vote, voteReliability(channel, k, vote))
    if (leading(wealth).nats >= Math.log(books / falsePositiveRate)) return wealth.asked
  }
  return null
}
