import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { fromBf16, fromF16, toBf16, toF16 } from './half'

const every = Uint16Array.from({ length: 65536 }, (_, i) => i)
const isNaN16 = (x: number, exponent: number) => (x & exponent) === exponent && (x & 0x7fff) !== exponent

test('behavior: every half and every bfloat16 is unchanged after conversion to float32 and back', () => {
  const halves = toF16(fromF16(every))
  const brains = toBf16(fromBf16(every))
  for (const x of every) {
    if (!isNaN16(x, 0x7c00)) expect(halves[x]).toBe(x)
    if (!isNaN16(x, 0x7f80)) expect(brains[x]).toBe(x)
  }
})

test('behavior: halves have the values of IEEE 754', () => {
  const pairs: [number, number][] = [
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0x7c00, Infinity],
  ]
  for (const [half, value] of pairs) expect(fromF16(Uint16Array.of(half))[0]).toBe(value)
})

describe.each([
  ['with', globalThis.Float16Array],
  ['without', undefined],
])('%s a native Float16Array', (_, native) => {
  beforeAll(() => {
    vi.stubGlobal('Float16Array', native)
    if (!native) Reflect.deleteProperty(globalThis, 'Float16Array')
  })
  afterAll(() => vi.unstubAllGlobals())

  test('behavior: rounds to nearest, ties to even, overflow to infinity', () => {
    const to = (x: number) => toF16(Float32Array.of(x))[0]
    expect(to(1 + 2 ** -11)).toBe(0x3c00)
    expect(to(1 + 3 * 2 ** -11)).toBe(0x3c02)
    expect(to(65519.996)).toBe(0x7bff)
    expect(to(65520)).toBe(0x7c00)
    expect(to(2 ** -25)).toBe(0)
    expect(to(2 ** -25 * 1.0001)).toBe(1)
    expect(to(-0)).toBe(0x8000)
    expect(isNaN16(to(Number.NaN), 0x7c00)).toBe(true)
    expect(toBf16(Float32Array.of(1 + 2 ** -8))[0]).toBe(0x3f80)
    expect(toBf16(Float32Array.of(1 + 3 * 2 ** -8))[0]).toBe(0x3f82)
  })

  test('behavior: no other half is nearer', () => {
    const floats = fc.float({ min: -65000, max: 65000, noNaN: true })
    fc.assert(
      fc.property(floats, (x) => {
        const half = toF16(Float32Array.of(x))[0]
        const off = (h: number) => Math.abs(fromF16(Uint16Array.of(h))[0] - x)
        expect(off(half)).toBeLessThanOrEqual(off(half ^ 1))
        if ((half & 0x7fff) > 0) expect(off(half)).toBeLessThanOrEqual(off(half - 1))
        expect(off(half)).toBeLessThanOrEqual(off(half + 1))
      }),
      { numRuns: 2000 },
    )
  })
})
