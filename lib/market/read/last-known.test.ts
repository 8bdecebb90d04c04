import { expect, test } from 'vitest'
import { lastKnown } from './last-known'

test('default: the newest value, and the last one while the chain is gone or hangs', async () => {
  expect(await lastKnown('cuts', async () => 1)).toBe(1)
  expect(await lastKnown('cuts', async () => 2)).toBe(2)
  const gone = async () => {
    throw new Error('ECONNREFUSED')
  }
  expect(await lastKnown<number>('cuts', gone)).toBe(2)
  expect(await lastKnown('cuts', () => new Promise<number>(() => {}), 20)).toBe(2)
  expect(await lastKnown('cuts', async () => 3)).toBe(3)
})

test('error: nothing is known yet', async () => {
  const gone = async () => {
    throw new Error('ECONNREFUSED')
  }
  await expect(lastKnown('leak tail', gone)).rejects.toThrow('ECONNREFUSED')
})
