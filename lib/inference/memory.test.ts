import { expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
import { assertFits, memoryNeeded } from './memory'

test('default', () => {
  expect(memoryNeeded({ parameters: 1e9 })).toBe(4e9 + 2 ** 28)
  expect(() => assertFits({ parameters: 1e9 }, 5e9, 'free')).not.toThrow()
})

test('error: a model that is too big', () => {
  const facts = { needed: 32e9 + 2 ** 28, available: 4.3e9 }
  for (const scope of ['free', 'device', 'page'] as const)
    expect(() => assertFits({ parameters: 8e9 }, 4.3e9, scope)).toThrow(
      kinmarkError('inference.memory-insufficient', { ...facts, scope }),
    )
  expect(() => assertFits({ parameters: 8e9 }, 4.3e9, 'page')).toThrow(
    'This model needs about 32.3 GB of memory to run, but a page can use only 4.3 GB: run it with Kinmark’s command line instead.',
  )
})
