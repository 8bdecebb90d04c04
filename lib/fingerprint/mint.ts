import type { FingerprintRuntime, TokenBatch } from '../inference/runtime'
import type { WeightDtype } from '../weights/dtype/dtype'
import { codeBiases, codewordOf } from './code/code'
import { assertSameBase } from './edit/base-digest'
import { embed } from './edit/embed'
import type { Preparation } from './format/preparation'
import { fingerprintTree } from './keyset/commitment'
import { measure } from './quality/measure'
import { assertQuality, defaultLimits, type QualityLimits, type QualityReport } from './quality/quality'
import type { ProgressOptions } from './stages/progress'
import { pickMoves, responsesOf } from './targets/responses'

/** Of the runtime given to `mint`: another number may round a sum differently, and a copy's bytes would hang on the machine's cores. */
export const mintThreads = 1

export type MintOptions = ProgressOptions & {
  /** The chain's copy id in decimal, or any name off chain. */
  copyId: string
  buyerSeed: Uint8Array
  /** Type of the edited tensors in the base's files. */
  dtype: WeightDtype
  /** Text to measure harm on, instead of the model's own. */
  heldOut?: TokenBatch
  /** What the copy must reach to be delivered. */
  limits?: QualityLimits
}

export type Mint = {
  /** Symbol per key, [N]. */
  codeword: Uint8Array
  /** Token per key, [N]. */
  responses: Uint32Array
  /** Tensor name → its new bytes in `dtype`, [out, in]. */
  edits: Map<string, Uint8Array>
  fingerprintRoot: `0x${string}`
  report: QualityReport
  /** Seconds of `report.mintSeconds` spent in the matrix products. */
  productSeconds: number
}

/**
 * One copy of a prepared model: its codeword, the edited tensors and what was measured on them as they will be written.
 * The same copy id and seed give the same bytes. Throws where the copy is under the bar.
 */
export async function mint(runtime: FingerprintRuntime, preparation: Preparation, options: MintOptions): Promise<Mint> {
  const { copyId, buyerSeed, dtype, limits = defaultLimits, signal, onProgress } = options
  await assertSameBase(runtime, preparation)
  const { secret, keys, cutoff, candidates, moves, seconds } = preparation
  const codeword = codewordOf(secret, codeBiases(secret, keys.rows, cutoff), copyId, buyerSeed)
  const responses = responsesOf(candidates, codeword)

  const started = performance.now()
  const edited = await embed(runtime, preparation, pickMoves(moves, codeword), dtype, {
    signal,
    onProgress: (done) => onProgress?.({ stage: 'mint', step: 'editing', done }),
  })
  const mintSeconds = (performance.now() - started) / 1000
  const measured = await measure(runtime, preparation, responses, edited.values, options)
  // A model that was never taught its template cannot be marked behind it: that share is reported, and refuses nothing.
  const asked = measured.contexts.filter((_, i) => preparation.contexts[i].after.length === 0)
  assertQuality({ ...measured, contexts: asked }, limits)
  const prepareSeconds = Object.values(seconds).reduce((a, b) => a + b, 0)
  return {
    codeword,
    responses,
    edits: edited.bytes,
    fingerprintRoot: fingerprintTree(preparation, copyId, responses).root,
    report: { ...measured, editedTensors: [...edited.bytes.keys()], prepareSeconds, mintSeconds },
    productSeconds: edited.productSeconds,
  }
}
