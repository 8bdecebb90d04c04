import type { FingerprintRuntime, TokenBatch } from '../../inference/runtime'
import type { WeightDtype } from '../../weights/dtype/dtype'
import { assertSameBase } from '../edit/base-digest'
import { meanDivergence, meanLoss } from '../quality/quality-loss'
import type { ProgressOptions } from '../stages/progress'
import { copyBits } from './copy-bits'
import { differencesUnder, embedTies } from './embed-ties'
import type { TiePreparation } from './preparation'

export type MintTiesOptions = ProgressOptions & {
  copyId: string
  buyerSeed: Uint8Array
  /** Type of the edited tensors in the base's files. */
  dtype: WeightDtype
  /** Text to measure harm on, instead of the model's own. */
  heldOut?: TokenBatch
}

type TieReport = {
  keys: number
  /** Share of keys whose bit wins between the pair's two answers, 0 to 1. */
  agreement: number
  /** Nats per token on held-out text: the base's, and the copy's minus the base's. */
  baseLoss: number
  deltaLoss: number
  /** Mean KL(base ‖ copy) on held-out text, nats per token. */
  kl: number
  editedTensors: string[]
  mintSeconds: number
}

export type TieMint = { bits: Int8Array; edits: Map<string, Uint8Array>; report: TieReport }

/** One copy of a prepared model: its bits, the edited tensors, and what was measured on them as they will be written. */
export async function mintTies(
  runtime: FingerprintRuntime,
  preparation: TiePreparation,
  { copyId, buyerSeed, dtype, signal, onProgress, ...options }: MintTiesOptions,
): Promise<TieMint> {
  await assertSameBase(runtime, preparation)
  const { secret, keys } = preparation
  const started = performance.now()
  const bits = copyBits(secret, copyId, buyerSeed, keys.gaps.length)
  const { bytes, values } = await embedTies(runtime, preparation, bits, dtype, {
    signal,
    onProgress: (done) => onProgress?.({ stage: 'mint', step: 'editing', done }),
  })
  const mintSeconds = (performance.now() - started) / 1000
  const heldOut = options.heldOut ?? preparation.heldOut
  const baseLoss = options.heldOut ? await meanLoss(runtime, heldOut, { signal }) : preparation.baseLoss
  const deltaLoss = (await meanLoss(runtime, heldOut, { edits: values, signal })) - baseLoss
  const report = {
    ...{ keys: bits.length, baseLoss, deltaLoss, mintSeconds, editedTensors: [...bytes.keys()] },
    agreement: agreementOf(await differencesUnder(runtime, keys, values, signal), bits),
    kl: await meanDivergence(runtime, heldOut, { edits: values, signal }),
  }
  return { bits, edits: bytes, report }
}

/** Share of keys at which the answer that the bit selects has the larger logit. */
export function agreementOf(differences: Float64Array, bits: Int8Array): number {
  return differences.reduce((sum, difference, k) => sum + (difference * bits[k] > 0 ? 1 : 0), 0) / bits.length
}
