import type { Precision } from './precision'
import type { Tap } from './tap'

export type GraphOptions = {
  taps: readonly Tap[]
  /** Matrices that are fed at every run, as float32 [out, in], instead of being read from the file. */
  editable: readonly string[]
  /** Takes and gives the keys and values of earlier tokens: `past.{layer}.key` → `present.{layer}.key`. */
  cache: boolean
  /**
   * What products and attention are computed in. A few numbers of a residual are larger than half precision can tell
   * apart, so the residual is float32 in both. https://arxiv.org/abs/2402.17762
   */
  precision: Precision
  /** What the weights, all of them, are held in while it runs; null: they are cast once, when onnxruntime folds the casts. */
  held: Precision | null
}
