import { expect, test } from 'vitest'
import { memoryObstacle } from './memory-obstacle'

test('default: what fits is no matter', () => {
  expect(memoryObstacle(135_000_000, undefined)).toBeNull()
  expect(memoryObstacle(1_235_814_400, 8)).toBeNull()
})

test('behavior: what a page cannot address is too big, with both numbers', () => {
  expect(memoryObstacle(8_030_261_248, 8)).toBe(
    'This model is too big for this browser: with its weights as float16 it needs about 16.3 GB, and a page can use 4.3 GB at most.',
  )
})

test('behavior: so is what a small device has no memory for', () => {
  expect(memoryObstacle(600_000_000, 1)).toBe(
    'This model is too big for this browser: with its weights as float16 it needs about 1.5 GB, and this device has 1.1 GB of memory.',
  )
})
