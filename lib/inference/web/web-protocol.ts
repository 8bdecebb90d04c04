import type { Machine } from '../machine-fit'
import type { Backend, Edits, Head, Matrix, Precision, RuntimeShape, Tap, TokenBatch } from '../runtime'
import type { WebModel } from './web-model'
import type { WireError } from './wire-error'

export type WebBackend = 'webgpu' | 'wasm' | 'auto'

/** The calls that a page makes to its worker. */
export type Calls = {
  open: {
    params: WebModel & {
      backend: WebBackend
      /** The precision to hold the weights in; null lets the worker choose. */
      weights: Precision | null
      editable: readonly string[]
      generates: boolean
    }
    result: { shape: RuntimeShape; backend: Backend; weights: Precision; fallback: WireError | null }
  }
  run: { params: { batch: TokenBatch; taps: readonly Tap[]; edits?: Edits }; result: Record<Tap, Matrix> }
  generate: { params: { prompts: TokenBatch; length: number; edits?: Edits }; result: TokenBatch }
  /** Needs no open model. */
  measure: { params: null; result: Machine }
  head: { params: null; result: Head }
  tensor: { params: string; result: Matrix }
}

export type CallName = keyof Calls

export type Request =
  | { [K in CallName]: { id: number; call: K; params: Calls[K]['params'] } }[CallName]
  /** Answers the reply `pick` with the chosen token of each row. */
  | { id: number; call: 'picked'; params: Int32Array }

export type Reply =
  | { id: number; kind: 'done'; result: Calls[CallName]['result'] }
  | { id: number; kind: 'failed'; error: WireError }
  | { id: number; kind: 'progress'; done: number; total: number }
  /** Requests the next token of rows `from`, `from` + 1, …; `logits` is [rows, vocab]. */
  | { id: number; kind: 'pick'; logits: Float32Array; from: number; rows: number }
