import { KinmarkError } from '../error'
import type { MemoryScope } from '../errors/inference'
import type { Precision } from '../onnx/graph/precision'
import { widthOf } from '../weights/dtype/dtype'

/** Bytes for everything but the weights: the activations of a batch, and onnxruntime itself. */
const overhead = 2 ** 28

/** Bytes that a page can address: WebAssembly has 32-bit addresses, and both backends load the weights through it. */
export const pageLimit = 2 ** 32

/** Bytes of memory to run a model: its weights once, and the overhead. */
export function memoryNeeded({ parameters }: { parameters: number }, precision: Precision = 'F32'): number {
  return widthOf(precision) * parameters + overhead
}

/**
 * Throws `inference.memory-insufficient` if the model needs more than `available` bytes, before any weights are read.
 */
export function assertFits(
  model: { parameters: number },
  available: number,
  scope: MemoryScope,
  precision: Precision = 'F32',
): void {
  const needed = memoryNeeded(model, precision)
  if (needed > available) throw new KinmarkError('inference.memory-insufficient', { needed, available, scope })
}
