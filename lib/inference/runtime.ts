import type { Tap } from '../onnx/tap'

export type { Tap }

/** Row-major float32 matrix. */
export type Matrix = { data: Float32Array; rows: number; cols: number }

/** Token rows of one length. `ids` is row-major [rows, length]. */
export type TokenBatch = { ids: Int32Array; rows: number; length: number }

/** Replaces a weight for one run, by tensor name, as float32 in the tensor's own [out, in] layout. */
export type Edits = ReadonlyMap<string, Float32Array>

export type RuntimeShape = {
  layers: number
  hidden: number
  /** Width of down_proj's input. */
  ff: number
  vocab: number
  maxPositions: number
  /** The token that generation starts from. */
  bos: number
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
  readonly shape: RuntimeShape
  run<T extends Tap>(batch: TokenBatch, taps: readonly T[], options?: RunOptions): Promise<Record<T, Matrix>>
  /**
   * Continues every row of `prompts` by `length` tokens with a key-value cache. `pick` chooses the next token of a row
   * from its logits [vocab] (view valid during the call). Returns the new tokens only, [rows, length].
   */
  generate(
    prompts: TokenBatch,
    length: number,
    pick: (logits: Float32Array, row: number) => number,
    options?: RunOptions,
  ): Promise<TokenBatch>
  /** The final norm's gain [d], the unembedding [vocab, d] (the embedding when tied), rms_norm_eps. */
  head(): Promise<{ gain: Float32Array; unembedding: Matrix; epsilon: number }>
  /** An editable tensor as float32, [out, in]. */
  tensor(name: string): Promise<Matrix>
  close(): Promise<void>
}
