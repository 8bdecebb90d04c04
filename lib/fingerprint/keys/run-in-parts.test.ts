import { expect, test } from 'vitest'
import type { RunOptions, Runtime, TokenBatch } from '../../inference/runtime'
import { runInParts } from './run-in-parts'

/** Gives the row’s first token as its only logit. */
const calls: number[] = []
const run = async ({ ids, rows, length }: TokenBatch, _: readonly string[], options?: RunOptions) => {
  calls.push(rows)
  options?.onProgress?.(rows, rows)
  return { logits: { data: Float32Array.from({ length: rows }, (_, i) => ids[i * length]), rows, cols: 1 } }
}
const runtime = { run } as unknown as Runtime
const batch = { ids: Int32Array.from({ length: 600 }, (_, i) => i), rows: 300, length: 2 }

test('default: every row once, in order, with progress over the whole batch', async () => {
  const [seen, progress]: [number[], number[][]] = [[], []]
  const onProgress = (done: number, rows: number) => progress.push([done, rows])
  for await (const { from, part, out } of runInParts(runtime, batch, ['logits'], { onProgress })) {
    expect([out.logits.rows, part.rows, from % 128]).toEqual([part.rows, out.logits.rows, 0])
    seen.push(...out.logits.data)
  }
  expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => 2 * i))
  expect(progress).toEqual([
    [128, 300],
    [256, 300],
    [300, 300],
  ])
})

test('args: another number of rows at a time', async () => {
  calls.length = 0
  for await (const { part } of runInParts(runtime, batch, ['logits'], { rowsAtOnce: 200 })) expect(part.length).toBe(2)
  expect(calls).toEqual([200, 100])
})
