import { expect, test } from 'vitest'
import { memoryObstacle } from './memory-obstacle'

test('default: a model that fits has no obstacle', () => {
  expect(memoryObstacle(135_000_000, undefined)).toBeNull()
  expect(memoryObstacle(1_235_814_400, 8)).toBeNull()
})

test('behavior: a page cannot address more than 4 GiB', () => {
  expect(memoryObstacle(8_030_261_248, 8)).toMatchObject({
    code: 'playground.page-memory-too-small',
    facts: { limit: 2 ** 32 },
    message:
      'This model is too large for this browser: with float16 weights it needs about 16.3 GB, and a page can use at most 4.3 GB.',
  })
})

test('behavior: a small device has less memory than a page can address', () => {
  expect(memoryObstacle(600_000_000, 1)).toMatchObject({
    code: 'playground.device-memory-too-small',
    facts: { memory: 2 ** 30 },
    message:
      'This model is too large for this device: with float16 weights it needs about 1.5 GB, and the device has 1.1 GB of memory.',
  })
})
