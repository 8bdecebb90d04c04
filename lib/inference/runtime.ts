import type { Precision } from '../onnx/graph/precision'
import type { Tap } from '../onnx/graph/tap'

export type { Precision, Tap }

/** Row-major float32 matrix. */
export type Matrix = { data: Float32Array; rows: number; cols: number }

/** Token rows of one length. `ids` is row-major [rows, length]. */
export type TokenBatch = { ids: Int32Array; rows: number; length: number }

/** Replaces a weight for one run, by tensor name, as float32 [out, in], however the matrix lies in its file. */
export type Edits = ReadonlyMap<string, Float32Array>

/**
 * What turns a residual x into logits: with y = x, or x − mean(x) where `centred` (LayerNorm), they are
 * U (gain ⊙ y / √(mean(y²) + epsilon) + shift), and bent to cap · tanh(logit / cap) where there is a cap.
 */
export type Head = {
  /** [d]; 1 + the stored weight for Gemma. */
  gain: Float32Array
  /** [d]; null where the norm adds nothing (RMSNorm). */
  shift: Float32Array | null
  centred: boolean
  epsilon: number
  /** U [vocab, d]: the embedding when tied. */
  unembedding: Matrix
  cap: number | null
}

export type RuntimeShape = {
  layers: number
  hidden: number
  /** Width of the tap `z`: of the input of the matrix that an MLP writes to the residual with. */
  ff: number
  vocab: number
  maxPositions: number
  /** The token that generation starts from. */
  bos: number
  /** Per layer, the name of that matrix. */
  downProj: readonly string[]
}

export type Backend = 'cpu' | 'wasm' | 'webgpu'

export type RunOptions = {
  /** Only tensors named in `editable` when the runtime was opened. */
  edits?: Edits
  signal?: AbortSignal
  onProgress?: (rowsDone: number, rows: number) => void
}

/**
 * A loaded model that answers. Made by `openNodeRuntime` (onnxruntime-node) and `openWebRuntime` (onnxruntime-web in a
 * worker); everything above takes whichever it is given. Rows are split into batches inside.
 */
export type Runtime = {
  readonly backend: Backend
  /** What it holds the weights in. */
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
  head(): Promise<Head>
  /** An editable tensor as float32, [out, in]. */
  tensor(name: string): Promise<Matrix>
  close(): Promise<void>
}

/** Which operand of a product is given transposed. */
export type Transpose = 'none' | 'a' | 'b'

/** a b [m, n] in single precision; a turned operand is given as [k, m] or [n, k]. */
export type Matmul = (a: Matrix, b: Matrix, transpose?: Transpose) => Promise<Matrix>

/** What preparing and minting need besides: the large products that no graph of the model's holds. */
export type FingerprintRuntime = Runtime & { readonly matmul: Matmul }
