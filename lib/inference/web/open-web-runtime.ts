import { rowByRow } from '../pick'
import type { Precision, Runtime } from '../runtime'
import type { WebBackend, WebFile } from './web-protocol'
import { workerCalls } from './worker-calls'

export type WebRuntime = Runtime & {
  /** Why WebAssembly runs although `auto` was asked for; null where WebGPU runs or nobody asked. */
  readonly fallback: string | null
}

type WebOptions = {
  /** `auto` takes WebGPU where a real graphics adapter runs the model, else WebAssembly. */
  backend: WebBackend
  /** What to hold the weights in. By default half where single does not fit, and where WebGPU has it and it costs little. */
  weights?: Precision
  editable?: readonly string[]
  /** Whether it is opened to write: weights are loaded for one kind of work at a time. */
  generates?: boolean
  /** Bytes of weights read so far. */
  onProgress?: (bytesDone: number, bytes: number) => void
  signal?: AbortSignal
}

/**
 * Opens a Hugging Face folder's files with onnxruntime-web in a worker. Aborting a run, or the opening, ends the worker
 * at once; what was opened must then be opened anew.
 */
export async function openWebRuntime(
  files: readonly WebFile[],
  { backend, weights, editable = [], generates = false, onProgress, signal }: WebOptions,
): Promise<WebRuntime> {
  const { call, close } = workerCalls(new Worker(new URL('./web.worker.ts', import.meta.url), { type: 'module' }))
  try {
    const asked = { files, backend, weights: weights ?? null, editable, generates }
    const opened = await call('open', asked, { onProgress, signal })
    return {
      ...opened,
      run: (batch, taps, { edits, ...options } = {}) => call('run', { batch, taps, edits }, options),
      generate: (prompts, length, pick, { edits, ...options } = {}) =>
        call('generate', { prompts, length, edits }, { ...options, pick: rowByRow(pick, opened.shape.vocab) }),
      head: () => call('head', null),
      tensor: (name) => call('tensor', name),
      close: async () => close(),
    }
  } catch (error) {
    close()
    throw error
  }
}
