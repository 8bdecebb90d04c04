import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { tinyDownProj } from '../../../test/fixtures/model-folder'
import type { Matrix, TokenBatch } from '../runtime'
import { openNodeRuntime } from './open-node-runtime'

type Prompt = { ids: number[]; logits: number[]; residual: number[]; z_last_layer: number[]; greedy_ids: number[] }

const rowsOf = (...rows: number[][]): TokenBatch => ({
  ids: Int32Array.from(rows.flat()),
  rows: rows.length,
  length: rows[0].length,
})

const argmax = (logits: ArrayLike<number>) => {
  let best = 0
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i
  return best
}

/** −log softmax(logits)[token], in float64. */
const nllOf = (logits: Float32Array, token: number) => {
  const max = logits.reduce((a, b) => Math.max(a, b), -Infinity)
  return max + Math.log(logits.reduce((sum, x) => sum + Math.exp(x - max), 0)) - logits[token]
}

function expectClose(actual: Matrix, expected: readonly number[], tolerance: number) {
  expect(actual.data.length).toBe(expected.length)
  const worst = expected.reduce((max, x, i) => Math.max(max, Math.abs(x - actual.data[i])), 0)
  expect(worst).toBeLessThan(tolerance)
}

describe.each(['tiny', 'tiny-shakespeare'])('%s', async (name) => {
  const golden = JSON.parse(readFileSync(`test/golden/${name}.json`, 'utf8')) as { prompts: Prompt[] }
  const editable = [tinyDownProj(3)]
  const runtime = await openNodeRuntime(`public/models/${name}`, { editable })
  afterAll(() => runtime.close())

  test('behavior: logits, last residual and last z equal the reference', async () => {
    for (const prompt of golden.prompts) {
      const out = await runtime.run(rowsOf(prompt.ids), ['logits', 'residual', 'z.3'])
      expectClose(out.logits, prompt.logits, 1e-3)
      expectClose(out.residual, prompt.residual, 1e-3)
      expectClose(out['z.3'], prompt.z_last_layer, 1e-3)
    }
  })

  test('behavior: greedy tokens equal the reference, with the cache and without', async () => {
    for (const { ids, greedy_ids } of golden.prompts) {
      const continued = await runtime.generate(rowsOf(ids), 16, argmax)
      expect([...continued.ids]).toEqual(greedy_ids.slice(ids.length))
      const { logits } = await runtime.run(rowsOf(greedy_ids.slice(0, -1)), ['logits'])
      expect(argmax(logits.data)).toBe(greedy_ids.at(-1))
    }
  })

  test('behavior: a run that begins at a layer, or after the last, gives what a whole run gives', async () => {
    const batch = rowsOf(...golden.prompts.map(({ ids }) => ids.slice(0, 4)))
    const { shape } = runtime
    expect(shape.firstEdited).toBe(3)
    const edits = new Map([[tinyDownProj(3), (await runtime.tensor(tinyDownProj(3))).data.map((x) => 0.5 * x)]])
    const whole = await runtime.run(batch, ['logits', 'residual'], { edits })
    const states = (await runtime.run(batch, ['states.3']))['states.3']
    const begun = await runtime.run(batch, ['logits', 'nll'], { edits, states: { layer: 3, states } })
    expectClose(begun.logits, [...whole.logits.data], 1e-4)
    const ends = { ids: new Int32Array(batch.rows), rows: batch.rows, length: 1 }
    const last = { layer: shape.layers, states: whole.residual }
    expectClose((await runtime.run(ends, ['logits'], { states: last })).logits, [...whole.logits.data], 1e-4)
  })

  test('behavior: nll follows from the logits', async () => {
    const ids = golden.prompts[0].greedy_ids
    const { nll } = await runtime.run(rowsOf(ids, [...ids].reverse()), ['nll'])
    expect([nll.rows, nll.cols]).toEqual([2, ids.length - 1])
    for (let i = 1; i < ids.length; i++) {
      const { logits } = await runtime.run(rowsOf(ids.slice(0, i)), ['logits'])
      expect(Math.abs(nll.data[i - 1] - nllOf(logits.data, ids[i]))).toBeLessThan(1e-3)
    }
  })

  test('behavior: taps at every position end with the tap at the last position', async () => {
    const row = golden.prompts[1].greedy_ids
    const out = await runtime.run(rowsOf(row, row), ['residual', 'residuals', 'z.1', 'zs.1'])
    const { hidden, ff } = runtime.shape
    expect([out.residuals.rows, out.residuals.cols]).toEqual([2 * row.length, hidden])
    expect([out['zs.1'].rows, out['zs.1'].cols]).toEqual([2 * row.length, ff])
    expectClose(out.residual, [...out.residuals.data.subarray(-hidden), ...out.residuals.data.subarray(-hidden)], 1e-4)
    expectClose(out['z.1'], [...out['zs.1'].data.subarray(-ff), ...out['zs.1'].data.subarray(-ff)], 1e-4)
  })

  test('behavior: every tap is the same whichever others are requested', async () => {
    const batch = rowsOf(golden.prompts[1].greedy_ids, golden.prompts[1].greedy_ids)
    const taps = ['logits', 'nll', 'residual', 'residuals', 'z.3', 'zs.3', 'z.0', 'zs.0'] as const
    const together = await runtime.run(batch, taps)
    for (const tap of taps) expectClose((await runtime.run(batch, [tap]))[tap], [...together[tap].data], 1e-4)
  })

  test('behavior: rows are independent of each other, however they are batched', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => golden.prompts[i % 4].greedy_ids.slice(0, 16))
    const steps: number[] = []
    const { logits } = await runtime.run(rowsOf(...rows), ['logits'], { onProgress: (done) => steps.push(done) })
    expect(steps).toEqual([32, 64, 96, 128, 160, 192, 224, 256, 288, 300])
    const alone = await runtime.run(rowsOf(rows[299]), ['logits'])
    expectClose(alone.logits, [...logits.data.subarray(299 * runtime.shape.vocab)], 1e-3)
  })

  test('behavior: an edit changes the logits of its own run only', async () => {
    const batch = rowsOf(golden.prompts[0].ids)
    const { data } = await runtime.tensor(editable[0])
    const edits = new Map([[editable[0], data.map((x) => -2 * x)]])
    const before = await runtime.run(batch, ['logits'])
    const edited = await runtime.run(batch, ['logits'], { edits })
    const after = await runtime.run(batch, ['logits'])
    expect(edited.logits.data).not.toEqual(before.logits.data)
    expect(after.logits.data).toEqual(before.logits.data)
  })
})

test('behavior: generation ends when every row picks −1', async () => {
  const runtime = await openNodeRuntime('public/models/tiny')
  const picks = [5, 6, -1]
  const { ids } = await runtime.generate(rowsOf([1, 2, 3]), 5, () => picks.shift() ?? 9)
  expect([...ids]).toEqual([5, 6, -1, -1, -1])
  await runtime.close()
})

test('behavior: rows generated together equal rows generated alone', async () => {
  const runtime = await openNodeRuntime('public/models/tiny')
  const prompts = rowsOf([1, 2, 3], [400, 500, 600], [7, 8, 9])
  const together = await runtime.generate(prompts, 12, argmax)
  for (let row = 0; row < 3; row++) {
    const alone = await runtime.generate(rowsOf([...prompts.ids.subarray(row * 3, row * 3 + 3)]), 12, argmax)
    expect(alone.ids).toEqual(together.ids.subarray(row * 12, (row + 1) * 12))
  }
  await runtime.close()
})

test('error: rows that do not fit, a tensor that is not editable, a run that was cancelled', async () => {
  const runtime = await openNodeRuntime('public/models/tiny')
  await expect(runtime.run(rowsOf([2048]), ['logits'])).rejects.toThrow(
    kinmarkError('inference.token-outside-vocabulary', { token: 2048, vocab: 2048 }),
  )
  await expect(runtime.run(rowsOf(Array(513).fill(1)), ['logits'])).rejects.toThrow(
    kinmarkError('inference.row-too-long', { tokens: 513, maxPositions: 512 }),
  )
  await expect(runtime.run({ ids: new Int32Array(3), rows: 2, length: 2 }, ['logits'])).rejects.toThrow(
    kinmarkError('inference.ids-wrong-length', { rows: 2, tokens: 2, ids: 3 }),
  )
  await expect(runtime.run(rowsOf([1]), ['logits'], { edits: new Map([['x', new Float32Array(1)]]) })).rejects.toThrow(
    kinmarkError('inference.not-editable', { tensor: 'x' }),
  )
  await expect(runtime.run(rowsOf([1]), ['logits'], { signal: AbortSignal.abort() })).rejects.toThrow()
  await runtime.close()
})
