import { expect, test } from 'vitest'
import { parsePercent } from './parse-percent'

test.each([
  ['10', 1000],
  ['12.5', 1250],
  ['0', 0],
  ['0.05', 5],
  ['50.', 5000],
  ['12,5', 1250],
])('default: “%s” is %i basis points', (text, bps) => {
  expect(parsePercent(text, 5000)).toBe(bps)
})

test.each(['', '-1', '1.005', '1e1'])('error: “%s” is not a percentage', (text) => {
  expect(() => parsePercent(text, 5000)).toThrow(expect.objectContaining({ code: 'form.percentage-invalid' }))
})

test('error: a percentage above the maximum', () => {
  expect(() => parsePercent('51', 5000)).toThrow(
    expect.objectContaining({ code: 'form.percentage-above-max', facts: { bps: 5100, maxBps: 5000 } }),
  )
})
