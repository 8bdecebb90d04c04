import type { KinmarkError } from '../../error'
import { rowByRow } from '../pick'
import type { Precision, Runtime } from '../runtime'
import type { WebModel } from './web-model'
import type { WebBackend } from './web-protocol'
import { fromWire } from './wire-error'
import { workerCalls } from './worker-calls'

export type WebRuntime = Runtime & {
  /** Why WebAssembly runs instead of WebGPU with the backend `auto`; else null. */
  readonly fallback: KinmarkError | null
}

type WebOptions = {
  /** `auto` uses WebGPU if a real graphics adapter can run the model, else WebAssembly. */
  backend: WebBackend
  /**
   * Precision of the weights in memory. Default: float16 where float32 does not fit, or where WebGPU supports it
   * without loss.
   */
  weights?: Precision
  editable?: readonly string[]
  /** Whether `generate` is called first: weights are loaded for either `generate` or `run` at a time. */
  generates?: boolean
  /** Bytes of weights that have been read. */
  onProgress?: (bytesDone: number, bytes: number) => void
  signal?: AbortSignal
}

/**
 * Opens inspected files with onnxruntime-web in a worker. Aborting the opening or a run ends the worker at once; open
 * the model again after that. Throws `inference.*` and `weights.*`.
 */
export async function openWebRuntime(
  { files, model }: WebModel,
  { backend, weights, editable = [], generates = false, onProgress, signal }: WebOptions,
): Promise<WebRuntime> {
  const { call, close } = workerCalls(new Worker(new URL('./web.worker.ts', import.meta.url), { type: 'module' }))
  try {
    const params = { files, model, backend, weights: weights ?? null, editable, generates }
    const { fallback, ...opened } = await call('open', params, { onProgress, signal })
    return {
      ...opened,
      fallback: fallback && fromWire(fallback),
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
