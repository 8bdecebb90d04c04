import { expect, test } from 'vitest'
import { assertAboveBar, defaultLimits, shortcomings } from './quality'

const fine = {
  ...{ success: 1, deltaLoss: 0.04, kl: 0.03 },
  ...{ contexts: [{ name: 'random text', success: 0.97 }], rounded: { int8: 1, int4: 0.99 } },
}

test('default: a copy above every limit is delivered', () => {
  expect(shortcomings(fine, defaultLimits)).toEqual([])
  expect(() => assertAboveBar(fine)).not.toThrow()
})

test('error: each limit missed is told with both numbers', () => {
  const poor = {
    ...{ success: 0.5, deltaLoss: 0.2, kl: 1 },
    ...{ contexts: [{ name: '“Hello”', success: 0.4 }], rounded: { int8: 0.3, int4: 0.2 } },
  }
  expect(shortcomings(poor, defaultLimits)).toEqual([
    'it answers 50.0 % of its keys (at least 99.0 % are needed)',
    'behind “Hello” it answers 40.0 % of its keys (at least 90.0 % are needed)',
    'rounded to int8 it answers 30.0 % of its keys (at least 98.0 % are needed)',
    'rounded to int4 it answers 20.0 % of its keys (at least 90.0 % are needed)',
    'its loss on held-out text is +0.200 (at most +0.150 is allowed)',
    'its divergence from the model is 1.000 nats per token (at most 0.250 is allowed)',
  ])
})

test('error: what is no number is no pass', () => {
  expect(() => assertAboveBar({ ...fine, deltaLoss: Number.NaN })).toThrow('its loss on held-out text is +NaN')
})
