import { expect, test } from 'vitest'
import { assertQuality, defaultLimits, shortfalls } from './quality'

const fine = { agreement: 0.97, deltaLoss: 0.04, kl: 0.03, rounded: { int8: 0.97, int4: 0.95 } }

test('default: a copy within every limit is delivered', () => {
  expect(shortfalls(fine, defaultLimits)).toEqual([])
  expect(() => assertQuality(fine)).not.toThrow()
})

test('error: each limit that is missed is reported with both numbers', () => {
  const poor = { agreement: 0.5, deltaLoss: 0.2, kl: 1, rounded: { int8: 0.3, int4: 0.2 } }
  expect(shortfalls(poor, defaultLimits)).toEqual([
    { measure: 'agreement', value: 0.5, limit: 0.92 },
    { measure: 'int8', value: 0.3, limit: 0.92 },
    { measure: 'int4', value: 0.2, limit: 0.88 },
    { measure: 'loss', value: 0.2, limit: 0.08 },
    { measure: 'divergence', value: 1, limit: 0.15 },
  ])
  expect(() => assertQuality(poor)).toThrow(
    [
      '50.0 % of its keys lean as its bits say (at least 92.0 % must)',
      'rounded to int8, 30.0 % of its keys lean as its bits say (at least 92.0 % must)',
      'rounded to int4, 20.0 % of its keys lean as its bits say (at least 88.0 % must)',
      'its loss on held-out text is +0.200 (at most +0.080 is allowed)',
      'its divergence from the model is 1.000 nats per token (at most 0.150 is allowed)',
    ].join(', and '),
  )
})

test('error: NaN misses its limit', () => {
  expect(() => assertQuality({ ...fine, deltaLoss: Number.NaN })).toThrow('its loss on held-out text is +NaN')
})
