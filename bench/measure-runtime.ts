/** What is measured of each way to run a model; a process of its own measures one of them, so that memory is its own. */
export type Figures = {
  load: number
  keysPerSecond: number
  tokensPerSecond: number
  /** When it has answered, and when it has written too. */
  peakBytes: { answering: number; generated: number }
}

/** `rows`: 0 where it is only loaded. `atOnce`: rows in one call of transformers.js. `writing`: tokens that one row is continued by. */
export type Workload = { rows: number; length: number; repeats: number; atOnce: number; generated: number }

/** A model that is loaded, and what it is asked. */
export type Subject = {
  vocab: number
  /** Answers all rows with one token each. */
  answer(ids: Int32Array, rows: number, length: number): Promise<void>
  /** Continues one row. */
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

/** So that memory is what is needed, not what has not been given back yet. */
function collectGarbage(): void {
  globalThis.gc?.()
}
