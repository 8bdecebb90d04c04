import type { FingerprintRuntime, TokenBatch } from '../inference/runtime'
import type { WeightDtype } from '../weights/dtype/dtype'
import { checkEdits } from './check'
import { assertSameBase } from './edit/base-digest'
import type { Preparation } from './format/preparation'
import { fingerprintRootOf, keyPoolTree, responsesTree } from './keyset/commitment'
import { copyBits, responsesOf } from './near-ties/copy-bits'
import { embedTies } from './near-ties/embed-ties'
import { assertQuality, defaultLimits, type QualityLimits, type QualityReport } from './quality/quality'
import type { ProgressOptions } from './stages/progress'

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

/**
 * Mints one copy of a prepared model. The quality is measured on the tensors as they will be written. The same copy id
 * and seed give the same bytes, whatever the number of threads. Throws `fingerprint.other-base`, `fingerprint.edit-overflow` and
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
  const measured = await checkEdits(runtime, preparation, bits, values, options)
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
