import { expect, test } from 'vitest'
import { assertFits, memoryNeeded } from './memory'

test('default', () => {
  expect(memoryNeeded({ parameters: 1e9 })).toBe(4e9 + 2 ** 28)
  expect(() => assertFits({ parameters: 1e9 }, 5e9, 'are free')).not.toThrow()
})

test('error: a model that is too big', () => {
  expect(() => assertFits({ parameters: 8e9 }, 4.3e9, 'is all that a page can use')).toThrow(
    'This model needs about 32.3 GB of memory to run, and 4.3 GB is all that a page can use.',
  )
})
