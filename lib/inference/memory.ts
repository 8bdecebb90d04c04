import { KinmarkError } from '../error'

/** What runs beside the weights: a batch's numbers, and onnxruntime itself. */
const besides = 2 ** 28

/** Bytes that running a model takes: its weights once, as float32, and the work on a batch. */
export function memoryNeeded({ parameters }: { parameters: number }): number {
  return 4 * parameters + besides
}

/** Refuses a model before a byte of its weights is read. `where` ends “are free …” or the like. */
export function assertFits(model: { parameters: number }, limit: number, where: string): void {
  const needed = memoryNeeded(model)
  if (needed > limit)
    throw new KinmarkError(
      `This model needs about ${gigabytes(needed)} of memory to run, and ${gigabytes(limit)} ${where}.`,
      {
        facts: { needed, limit },
      },
    )
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
