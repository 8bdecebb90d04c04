import { expect, test } from 'vitest'
import { assertQuality, defaultLimits, shortfalls } from './quality'

const fine = {
  ...{ success: 1, deltaLoss: 0.04, kl: 0.03 },
  ...{ contexts: [{ name: 'random text', success: 0.97 }], rounded: { int8: 1, int4: 0.99 } },
}

test('default: a copy within every limit is delivered', () => {
  expect(shortfalls(fine, defaultLimits)).toEqual([])
  expect(() => assertQuality(fine)).not.toThrow()
})

test('error: each limit that is missed is reported with both numbers', () => {
  const poor = {
    ...{ success: 0.5, deltaLoss: 0.2, kl: 1 },
    ...{ contexts: [{ name: '“Hello”', success: 0.4 }], rounded: { int8: 0.3, int4: 0.2 } },
  }
  expect(shortfalls(poor, defaultLimits)).toEqual([
    { measure: 'success', value: 0.5, limit: 0.99 },
    { measure: 'context', context: '“Hello”', value: 0.4, limit: 0.9 },
    { measure: 'int8', value: 0.3, limit: 0.98 },
    { measure: 'int4', value: 0.2, limit: 0.9 },
    { measure: 'loss', value: 0.2, limit: 0.15 },
    { measure: 'divergence', value: 1, limit: 0.25 },
  ])
  expect(() => assertQuality(poor)).toThrow(
    [
      'it answers 50.0 % of its keys (at least 99.0 % are needed)',
      'in the context “Hello” it answers 40.0 % of its keys (at least 90.0 % are needed)',
      'rounded to int8 it answers 30.0 % of its keys (at least 98.0 % are needed)',
      'rounded to int4 it answers 20.0 % of its keys (at least 90.0 % are needed)',
      'its loss on held-out text is +0.200 (at most +0.150 is allowed)',
      'its divergence from the model is 1.000 nats per token (at most 0.250 is allowed)',
    ].join(', and '),
  )
})

test('error: NaN misses its limit', () => {
  expect(() => assertQuality({ ...fine, deltaLoss: Number.NaN })).toThrow('its loss on held-out text is +NaN')
})
