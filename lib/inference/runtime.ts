import type { Precision } from '../onnx/graph/precision'
import type { Tap } from '../onnx/graph/tap'

export type { Precision, Tap }

/** Row-major float32 matrix. */
export type Matrix = { data: Float32Array; rows: number; cols: number }

/** Token rows of one length. `ids` is row-major [rows, length]. */
export type TokenBatch = { ids: Int32Array; rows: number; length: number }

/** Replacements of weights for one run, by tensor name, as float32 [out, in] whatever the layout in the file. */
export type Edits = ReadonlyMap<string, Float32Array>

/**
 * The map from a residual x to logits: U (gain ⊙ y / √(mean(y²) + epsilon) + shift), where y is x, or x − mean(x) if
 * `centred` (LayerNorm). With a cap, a logit becomes cap · tanh(logit / cap).
 */
export type Head = {
  /** [d]; for Gemma, 1 + the weight in the file. Any factor of the logits is part of it. */
  gain: Float32Array
  /** [d]; null for RMSNorm, which has no shift. */
  shift: Float32Array | null
  centred: boolean
  epsilon: number
  /** U [vocab, d]; the embedding if the two are tied. */
  unembedding: Matrix
  cap: number | null
}

export type RuntimeShape = {
  layers: number
  hidden: number
  /** Width of the tap `z`, the input of down_proj. */
  ff: number
  /** The same per layer: some of Gemma 4's are twice as wide. */
  widths: readonly number[]
  vocab: number
  maxPositions: number
  /** The token that a text starts with. */
  bos: number
  /** Per layer, the tensor name of down_proj. */
  downProj: readonly string[]
  /** The first layer whose output an edit can change; 0 where a run cannot begin above the first layer. */
  firstEdited: number
}

export type Backend = 'cpu' | 'wasm' | 'webgpu'

/** Residuals before a layer at every position of a batch, [n · t, d], as the tap `states.l` gives them. */
export type StatesBefore = { layer: number; states: Matrix }

export type RunOptions = {
  /** Allowed only for tensors that were named in `editable` when the runtime was opened. */
  edits?: Edits
  /**
   * Where `run` begins, without the layers below: at most at `firstEdited`, or after the last layer, with taps that follow
   * from it.
   */
  states?: StatesBefore
  signal?: AbortSignal
  onProgress?: (rowsDone: number, rows: number) => void
}

/**
 * A loaded model. `openNodeRuntime` (onnxruntime-node) and `openWebRuntime` (onnxruntime-web in a worker) make one;
 * other code works with either. Rows are split into batches inside.
 */
export type Runtime = {
  readonly backend: Backend
  /** Precision of the weights in memory. */
  readonly weights: Precision
  readonly shape: RuntimeShape
  run<T extends Tap>(batch: TokenBatch, taps: readonly T[], options?: RunOptions): Promise<Record<T, Matrix>>
  /**
   * Continues every row of `prompts` by `length` tokens with a key-value cache. `pick` chooses the next token of a row
   * from its logits [vocab] (view valid during the call); −1 for every row ends it early, and the rest stays −1.
   * Returns the new tokens only, [rows, length].
   */
  generate(
    prompts: TokenBatch,
    length: number,
    pick: (logits: Float32Array, row: number) => number,
    options?: RunOptions,
  ): Promise<TokenBatch>
  /** A copy, which the caller may change. */
  head(): Promise<Head>
  /** An editable tensor as float32, [out, in]. */
  tensor(name: string): Promise<Matrix>
  close(): Promise<void>
}

/** The operand of a product that is given transposed. */
export type Transpose = 'none' | 'a' | 'b'

/** The product a b [m, n] in single precision. A transposed operand is given as [k, m] or [n, k]. */
export type Matmul = (a: Matrix, b: Matrix, transpose?: Transpose) => Promise<Matrix>

/** A runtime for preparing and minting: it also multiplies matrices, and knows the norms behind edited layers. */
export type FingerprintRuntime = Runtime & {
  /** Multiplies large matrices outside the model's graphs. */
  readonly matmul: Matmul
  /** The gain of the norm between a layer's down_proj and the residual, [d]; null where there is none. */
  outputGain(layer: number): Promise<Float32Array | null>
}
