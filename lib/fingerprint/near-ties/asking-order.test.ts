import { expect, test } from 'vitest'
import { isDisclosed } from '../keyset/is-disclosed'
import { askingOrder } from './asking-order'
import type { TieChannel } from './tie-channel'

const keys = 160
/** A channel in which only these keys follow their bits. */
const followed = (some: (k: number) => boolean): TieChannel => ({
  differences: new Float64Array(keys),
  shifts: Float64Array.from({ length: keys }, (_, k) => (some(k) ? 1 + k / keys : 0)),
  noise: 1,
})
const [early, late] = [followed((k) => k < 40), followed((k) => k >= 120)]

test('default: the secret keys, those that follow their bits most first', () => {
  const order = askingOrder([early])
  expect(order.length).toBe(keys - 10)
  expect(order.some(isDisclosed)).toBe(false)
  expect(order.slice(0, 3)).toEqual([39, 38, 37])
})

test('behavior: what any channel follows comes before what none does', () => {
  const order = askingOrder([early, late])
  expect(order.slice(0, 74).every((k) => k < 40 || k >= 120)).toBe(true)
  expect(order.slice(0, 37).some((k) => k < 40)).toBe(true)
  expect(order.slice(0, 37).some((k) => k >= 120)).toBe(true)
})

test('edge: a channel in which no key follows its bit changes nothing', () => {
  expect(askingOrder([followed(() => false), late])).toEqual(askingOrder([late]))
})

test('behavior: where log odds are shown, a key that its bit moves far comes first, however sure its answer is', () => {
  const sure: TieChannel = {
    ...followed(() => true),
    differences: Float64Array.from({ length: keys }, (_, k) => k / 8),
  }
  expect(askingOrder([sure])[0]).toBeLessThan(40)
  expect(askingOrder([sure], 'logOdds').slice(0, 3)).toEqual([159, 158, 157])
})
