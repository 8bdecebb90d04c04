import type { Precision } from './precision'
import type { Tap } from './tap'

export type GraphOptions = {
  taps: readonly Tap[]
  /** Matrices that are fed as float32 [out, in] at every run instead of being read from the file. */
  editable: readonly string[]
  /**
   * The first layer of the graph. Above 0 the residual before it is the input `states` [n · t, hidden], instead of
   * embeddings.
   */
  first?: number
  /**
   * Adds inputs and outputs for the keys and values of earlier tokens: `past.{layer}.key` and `present.{layer}.key`.
   */
  cache: boolean
  /**
   * Precision of matrix products and attention. The residual is always float32, because a few of its activations are
   * too large for half precision: https://arxiv.org/abs/2402.17762.
   */
  precision: Precision
  /**
   * Precision of all weights in memory while the graph runs. Null: onnxruntime casts them once, by constant folding.
   */
  held: Precision | null
}
