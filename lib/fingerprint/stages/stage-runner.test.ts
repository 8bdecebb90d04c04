import { expect, test } from 'vitest'
import type { Progress } from './progress'
import { stageRunner } from './stage-runner'

function memoryStore() {
  const stored = new Map<string, Uint8Array>()
  return {
    stored,
    read: async (name: string) => stored.get(name) ?? null,
    write: async (name: string, bytes: Uint8Array) => void stored.set(name, bytes),
  }
}

test('default: steps report their progress and their seconds', async () => {
  const reports: Progress[] = []
  const { step, seconds } = stageRunner({ onProgress: (progress) => reports.push(progress) })
  const result = await step('key pool', (report) => {
    report(0.5)
    return 7
  })
  await step('solver', async () => null)
  expect(result).toBe(7)
  expect(reports.map(({ step, done }) => [step, Number(done.toFixed(3))])).toEqual([
    ['key pool', 0],
    ['key pool', 0.07],
    ['solver', 0.14],
  ])
  expect(Object.keys(seconds)).toEqual(['key pool', 'solver'])
})

test('behavior: a stored step is not run again', async () => {
  const store = memoryStore()
  const first = stageRunner({}, 'prepare', store)
  expect(await first.step('solver', () => ({ p: Float32Array.of(1, 2) }))).toEqual({ p: Float32Array.of(1, 2) })
  const second = stageRunner({}, 'prepare', store)
  const again = second.step('solver', (): { p: Float32Array } => {
    throw new Error('run again')
  })
  expect(await again).toEqual({ p: Float32Array.of(1, 2) })
  expect([...store.stored.keys()]).toEqual(['solver'])
})

test('behavior: no step begins after an abort', async () => {
  const { step } = stageRunner({ signal: AbortSignal.abort(new Error('stopped')) })
  await expect(step('solver', () => 1)).rejects.toThrow('stopped')
})
