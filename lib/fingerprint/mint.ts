import type { FingerprintRuntime, TokenBatch } from '../inference/runtime'
import type { WeightDtype } from '../weights/dtype/dtype'
import { codeBiases, codewordOf } from './code/code'
import { assertSameBase } from './edit/base-digest'
import { embed } from './edit/embed'
import type { Preparation } from './format/preparation'
import { fingerprintRootOf, keyPoolTree, responsesTree } from './keyset/commitment'
import { measure } from './quality/measure'
import { assertQuality, defaultLimits, type QualityLimits, type QualityReport } from './quality/quality'
import type { ProgressOptions } from './stages/progress'
import { pickMoves, responsesOf } from './targets/responses'

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
  /** Symbol per key, [N]. */
  codeword: Uint8Array
  /** Token per key, [N]. */
  responses: Uint32Array
  /** Tensor name → its new bytes in `dtype`, [out, in]. */
  edits: Map<string, Uint8Array>
  /** Names the key pool and the responses; see `fingerprintRootOf`. */
  fingerprintRoot: `0x${string}`
  responsesRoot: `0x${string}`
  report: QualityReport
  /** The part of `report.mintSeconds` spent in matrix products. */
  productSeconds: number
}

/**
 * Mints one copy of a prepared model. The quality is measured on the tensors as they will be written. The same copy id
 * and seed give the same bytes. Throws `fingerprint.other-base`, `fingerprint.edit-overflow` and
 * `fingerprint.quality-too-low`.
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
  // A model that was not trained with its chat template has no reliable answers inside it: reported, but not required.
  const required = measured.contexts.filter((_, i) => preparation.contexts[i].after.length === 0)
  assertQuality({ ...measured, contexts: required }, limits)
  const responsesRoot = responsesTree(preparation, copyId, responses).root
  const prepareSeconds = Object.values(seconds).reduce((a, b) => a + b, 0)
  return {
    codeword,
    responses,
    edits: edited.bytes,
    fingerprintRoot: fingerprintRootOf(keyPoolTree(preparation).root, responsesRoot),
    responsesRoot,
    report: { ...measured, editedTensors: [...edited.bytes.keys()], prepareSeconds, mintSeconds },
    productSeconds: edited.productSeconds,
  }
}
