import { memoryNeeded, pageLimit } from './memory'
import type { Backend, Precision } from './runtime'

export { precisionNames } from '../onnx/graph/precision'

/** What a page found out about the machine. */
export type Machine = {
  /** Bytes; infinite if the browser does not tell. */
  memory: number
  /** Floating-point operations a second of one product of matrices in WebAssembly. */
  flops: number
  /** Precisions of a real graphics card through WebGPU, the preferred one first; empty without one. */
  webgpu: readonly Precision[]
}

export type MachineFit =
  | { fits: true; backend: Exclude<Backend, 'cpu'>; precision: Precision; needed: number; keysPerSecond: number }
  | { fits: false; needed: number; available: number }

/** Tokens of one key, its answer included. */
const tokensPerKey = 16

/**
 * Whether a page can run a model, in which precision, and how many keys it answers a second in WebAssembly: every weight
 * is multiplied once for each token. A graphics card is faster, by how much is not known.
 */
export function machineFit(model: { parameters: number; dtype: string }, machine: Machine): MachineFit {
  const available = Math.min(machine.memory, pageLimit)
  const [whole, half] = [memoryNeeded(model), memoryNeeded(model, 'F16')]
  if (half > available) return { fits: false, needed: half, available }
  const keysPerSecond = machine.flops / (2 * model.parameters * tokensPerKey)
  const isHalf = model.dtype === 'F16' || model.dtype === 'BF16'
  const [preferred] = isHalf ? machine.webgpu : machine.webgpu.toReversed()
  if (preferred) {
    const precision = preferred === 'F32' && whole > available ? 'F16' : preferred
    return { fits: true, backend: 'webgpu', precision, needed: memoryNeeded(model, precision), keysPerSecond }
  }
  const precision = whole <= available ? 'F32' : 'F16'
  return { fits: true, backend: 'wasm', precision, needed: precision === 'F32' ? whole : half, keysPerSecond }
}
