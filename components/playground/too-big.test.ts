import { expect, test } from 'vitest'
import { tooBig } from './too-big'

test('default: what fits is no matter', () => {
  expect(tooBig(135_000_000, undefined)).toBeNull()
  expect(tooBig(1_000_000_000, 8)).toBeNull()
})

test('behavior: what a page cannot address is too big, with both numbers', () => {
  expect(tooBig(8_030_261_248, 8)).toBe(
    'This model is too big for this browser: with its weights as float32 it needs about 32.4 GB, and a page can use 4.3 GB at most.',
  )
})

test('behavior: so is what a small device has no memory for', () => {
  expect(tooBig(361_821_120, 1)).toBe(
    'This model is too big for this browser: with its weights as float32 it needs about 1.7 GB, and this device has 1.1 GB of memory.',
  )
})
