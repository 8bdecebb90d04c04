import type { Backend, Edits, Head, Matrix, Precision, RuntimeShape, Tap, TokenBatch } from '../runtime'

export type WebFile = { name: string; blob: Blob }
export type WebBackend = 'webgpu' | 'wasm' | 'auto'

/** What the page asks of its worker, and what it gets for it. */
export type Calls = {
  open: {
    ask: {
      files: readonly WebFile[]
      backend: WebBackend
      weights: Precision | null
      editable: readonly string[]
      generates: boolean
    }
    answer: { shape: RuntimeShape; backend: Backend; weights: Precision; fallback: string | null }
  }
  run: { ask: { batch: TokenBatch; taps: readonly Tap[]; edits?: Edits }; answer: Record<Tap, Matrix> }
  generate: { ask: { prompts: TokenBatch; length: number; edits?: Edits }; answer: TokenBatch }
  head: { ask: null; answer: Head }
  tensor: { ask: string; answer: Matrix }
}

export type CallName = keyof Calls

export type Request =
  | { [K in CallName]: { id: number; call: K; ask: Calls[K]['ask'] } }[CallName]
  /** Answers `pick`: the chosen token of each row. */
  | { id: number; call: 'picked'; ask: Int32Array }

export type Reply =
  | { id: number; kind: 'done'; answer: Calls[CallName]['answer'] }
  | { id: number; kind: 'failed'; message: string }
  | { id: number; kind: 'progress'; done: number; total: number }
  /** Asks for the next token of rows `from`, `from` + 1, …: their logits one after the other. */
  | { id: number; kind: 'pick'; logits: Float32Array; from: number; rows: number }
