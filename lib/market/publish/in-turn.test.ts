import { afterEach, expect, test, vi } from 'vitest'
import { toModelId } from '../../chain/ids'
import type { Db } from '../../db/open'
import { log } from '../../log'
import { inTurn } from './in-turn'

const rows = [1n, 2n, 3n].map((id) => ({ modelId: toModelId(id), version: 1, uri: 'ni:' }))
const market = () => ({ db: {} as Db })

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('behavior: a version with which the work fails holds up no others, and waits longer each time', async () => {
  vi.useFakeTimers()
  vi.spyOn(log, 'warn').mockImplementation(() => undefined)
  const ctx = market()
  const seen: string[] = []
  const step = () =>
    inTurn(ctx, rows, async ({ modelId }) => {
      seen.push(modelId)
      if (modelId === '1') throw new Error('numeric field overflow')
      return modelId === '3'
    })
  await step()
  await step()
  expect(seen).toEqual(['1', '2', '3', '3'])
  const triesIn = async (seconds: number) => {
    seen.length = 0
    for (let i = 0; i < seconds; i++) {
      vi.advanceTimersByTime(1_000)
      await step()
    }
    return seen.filter((id) => id === '1').length
  }
  expect(await triesIn(14)).toBe(3)
  expect(await triesIn(3_600)).toBeLessThan(12)
  expect(seen.filter((id) => id === '3')).toHaveLength(3_600)
})

test('behavior: another registration of the same number has its turn at once', async () => {
  const ctx = market()
  const seen: string[] = []
  const work = async ({ uri }: { uri: string }) => {
    seen.push(uri)
    return false
  }
  await inTurn(ctx, rows.slice(0, 1), work)
  await inTurn(ctx, [{ ...rows[0], uri: 'ni:other' }], work)
  expect(seen).toEqual(['ni:', 'ni:other'])
})

test('error: where the database is away, everything waits', async () => {
  const away = Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' })
  await expect(inTurn(market(), rows, () => Promise.reject(away))).rejects.toBe(away)
})
