import { LegacyError } from '../error'
import type { Precision } from '../onnx/graph/precision'
import { widthOf } from '../weights/dtype/dtype'

/** What runs beside the weights: a batch's numbers, and onnxruntime itself. */
const besides = 2 ** 28

/** WebAssembly's addresses have 32 bits, and both backends of a page load their weights through it. */
export const pageLimit = 2 ** 32

/** Bytes that running a model takes: its weights once, and the work on a batch. */
export function memoryNeeded({ parameters }: { parameters: number }, precision: Precision = 'F32'): number {
  return widthOf(precision) * parameters + besides
}

/** Refuses a model before a byte of its weights is read. `where` ends “are free …” or the like. */
export function assertFits(
  model: { parameters: number },
  limit: number,
  where: string,
  precision: Precision = 'F32',
): void {
  const needed = memoryNeeded(model, precision)
  if (needed > limit)
    throw new LegacyError(
      `This model needs about ${gigabytes(needed)} of memory to run, and ${gigabytes(limit)} ${where}.`,
      {
        facts: { needed, limit },
      },
    )
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
