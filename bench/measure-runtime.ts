/** Measurements of one way to run a model, taken in a process of its own so that the memory is its own. `load` is in ms. */
export type Figures = {
  load: number
  keysPerSecond: number
  tokensPerSecond: number
  /** After answering, and after generating too. */
  peakBytes: { answering: number; generated: number }
}

/**
 * `rows` keys of `length` tokens; with 0 rows the model is only loaded. `rowsPerCall`: rows per call of transformers.js.
 * `generated`: tokens generated from one row.
 */
export type Workload = { rows: number; length: number; repeats: number; rowsPerCall: number; generated: number }

/** A loaded model. */
export type Subject = {
  vocab: number
  /** Computes the next token of all rows. */
  answer(ids: Int32Array, rows: number, length: number): Promise<void>
  /** Generates tokens after one row. */
  continue(ids: Int32Array, tokens: number): Promise<void>
}

export async function measure(
  open: () => Promise<Subject>,
  { rows, length, repeats, generated }: Workload,
  memory: () => Promise<number> | number,
): Promise<Figures> {
  const started = performance.now()
  const subject = await open()
  await subject.answer(Int32Array.of(1), 1, 1)
  const load = performance.now() - started
  if (rows === 0) return { load, keysPerSecond: 0, tokensPerSecond: 0, peakBytes: { answering: 0, generated: 0 } }
  const ids = Int32Array.from({ length: rows * length }, (_, i) => (i * 7919) % subject.vocab)
  const answer = await median(repeats, () => subject.answer(ids, rows, length))
  const answering = await memory()
  await subject.continue(ids.slice(0, length), 1)
  const tokens = await median(repeats, () => subject.continue(ids.slice(0, length), generated))
  return {
    load,
    keysPerSecond: (1000 * rows) / answer,
    tokensPerSecond: (1000 * generated) / tokens,
    peakBytes: { answering, generated: await memory() },
  }
}

export async function median(
  repeats: number,
  work: () => Promise<unknown>,
  before: () => unknown = collectGarbage,
): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < repeats; i++) {
    await before()
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return middle(times)
}

export function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}

/** Frees garbage first, so that it is not measured. */
function collectGarbage(): void {
  globalThis.gc?.()
}
