import { KinmarkError, messageOf } from '../../error'
import type { Precision } from '../../onnx/graph/precision'
import type { InspectedWeights } from '../../weights/inspect-weights'
import { assertFits, memoryNeeded, pageLimit } from '../memory'
import { type SessionRuntime, sessionRuntime } from '../session-runtime'
import { deviceMemory } from './device-memory'
import { readSync } from './read-sync'
import { webEngine } from './web-engine'
import { namedBytes } from './web-model'
import type { Calls } from './web-protocol'
import { webgpuPrecisions } from './webgpu'

/** `fallback` says why WebAssembly runs instead of WebGPU with the backend `auto`; else null. */
type Opened = { runtime: SessionRuntime; fallback: KinmarkError | null }
type Start = (backend: 'webgpu' | 'wasm', weights: Precision) => Promise<SessionRuntime>

/** Tokens of one batch: few enough that progress is visible on slow machines. */
const tokensPerBatch = 512

/**
 * Starts the requested backend; `auto` falls back to WebAssembly. Throws before reading weights if memory is too small.
 */
export async function openInWorker(
  { files, model, backend, weights, editable, generates }: Calls['open']['params'],
  onProgress: (done: number, total: number) => void,
): Promise<Opened> {
  const smallest = weights ?? 'F16'
  assertFits(model, deviceMemory(), 'device', smallest)
  assertFits(model, pageLimit, 'page', smallest)
  const read = readSync(files)
  const spare = Math.min(deviceMemory(), pageLimit) - memoryNeeded(model)
  const start: Start = async (backend, weights) => {
    const packs = backend === 'wasm' && spare >= 4 * model.config.vocab * model.config.hidden
    const engine = await webEngine({ backend, weights, tensors: model.tensors, read, packs, onProgress })
    return tried(sessionRuntime(engine, model, namedBytes(files), { editable, tokensPerBatch }), generates)
  }
  const startWasm = async (fallback: KinmarkError | null) => ({
    runtime: await start('wasm', weights ?? (spare >= 0 ? 'F32' : 'F16')),
    fallback,
  })
  if (backend === 'wasm') return startWasm(null)
  try {
    const available = await webgpuPrecisions(backend === 'webgpu')
    const order = generates || isHalf(model) ? available : available.toReversed()
    return { runtime: await startWebgpu(start, weights ? [weights] : order), fallback: null }
  } catch (error) {
    if (backend === 'webgpu') throw error
    return startWasm(
      error instanceof KinmarkError
        ? error
        : new KinmarkError('inference.load-failed', { backend: 'webgpu', reason: messageOf(error) }, { cause: error }),
    )
  }
}

/** Whether half precision loses next to nothing of the weights, so that verdicts do not depend on the backend. */
function isHalf({ dtype }: InspectedWeights): boolean {
  return dtype === 'F16' || dtype === 'BF16'
}

/** Starts WebGPU in the first precision that works: some models' activations overflow half precision. */
async function startWebgpu(start: Start, [weights, ...others]: readonly Precision[]): Promise<SessionRuntime> {
  try {
    return await start('webgpu', weights)
  } catch (error) {
    if (others.length === 0) throw error
    return startWebgpu(start, others)
  }
}

/** Runs one token in the way that will be used, so that a backend that cannot run the model fails at once. */
async function tried(runtime: SessionRuntime, generates: boolean): Promise<SessionRuntime> {
  const start = { ids: Int32Array.of(runtime.shape.bos), rows: 1, length: 1 }
  const assertUsable = (logits: Float32Array) => {
    if (!logits.every(Number.isFinite) || logits.every((x) => x === 0))
      throw new KinmarkError('inference.logits-unusable', { backend: runtime.backend })
    return start.ids
  }
  try {
    if (generates) await runtime.generate(start, 1, assertUsable, {})
    else assertUsable((await runtime.run(start, ['logits'])).logits.data)
    return runtime
  } catch (error) {
    await runtime.close()
    throw error
  }
}
