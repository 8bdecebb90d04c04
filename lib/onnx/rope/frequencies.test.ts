import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Rope } from '../../weights/config/rope'
import { frequencies, rotaryGain } from './frequencies'

const rope = (scaling: Rope['scaling'], change: Partial<Rope> = {}): Rope => ({
  ...{ theta: 10_000, dim: 8, original: 512, extension: 1, scaling },
  ...change,
})
const close = (values: readonly number[]) => values.map((x) => expect.closeTo(x, 10))
const unscaled = [1, 0.1, 0.01, 0.001]

describe('frequencies', () => {
  test('default: theta ** (−2i / dim)', () => {
    expect(frequencies(rope({ rope_type: 'default' }), 1)).toEqual(close(unscaled))
  })

  test('behavior: linear scaling divides all of them', () => {
    expect(frequencies(rope({ rope_type: 'linear', factor: 4 }), 1)).toEqual(close(unscaled.map((f) => f / 4)))
  })

  test('behavior: dynamic scaling starts behind the pretraining length', () => {
    const dynamic = rope({ rope_type: 'dynamic', factor: 2 })
    expect(frequencies(dynamic, 512)).toEqual(close(unscaled))
    // theta · (2 · 1024 / 512 − 1) ** (8 / 6)
    const theta = 10_000 * 3 ** (8 / 6)
    expect(frequencies(dynamic, 1024)).toEqual(close([0, 1, 2, 3].map((i) => theta ** (-i / 4))))
  })

  test('behavior: Llama 3 keeps short waves, stretches long ones and blends those between', () => {
    const scaling = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 } as const
    const llama3 = rope({ ...scaling, original_max_position_embeddings: 512 })
    const blended = frequencies(llama3, 1)
    // Rotations over 512 positions: 81.5, 8.15, 0.815 and 0.0815.
    expect(blended).toEqual(close([1, 0.1, 0.01 / 8, 0.001 / 8]))
    const share = ((1024 * 0.01) / (2 * Math.PI) - 1) / 3
    expect(frequencies({ ...llama3, original: 1024 }, 1)[2]).toBeCloseTo(((1 - share) / 8 + share) * 0.01, 12)
  })

  test('behavior: YaRN keeps pairs that rotate often and stretches pairs that rotate rarely', () => {
    const yarn = rope({ rope_type: 'yarn', factor: 4 }, { dim: 64, original: 4096 })
    const all = frequencies(rope({ rope_type: 'default' }, { dim: 64 }), 1)
    const scaled = frequencies(yarn, 1)
    // beta_fast = 32 rotations at pair 10.5, beta_slow = 1 at pair 22.5: kept up to 10, divided by 4 from 23 on.
    expect(scaled.slice(0, 11)).toEqual(close(all.slice(0, 11)))
    expect(scaled.slice(23)).toEqual(close(all.slice(23).map((f) => f / 4)))
    for (let i = 11; i < 23; i++) expect(all[i] / scaled[i]).toBeGreaterThan(all[i - 1] / scaled[i - 1])
  })

  test('behavior: LongRoPE divides by the short or the long factors, depending on the length of the row', () => {
    const factors = { short_factor: [1, 1, 2, 2], long_factor: [1, 2, 4, 8] }
    const longrope = rope({ rope_type: 'longrope', ...factors })
    expect(frequencies(longrope, 512)).toEqual(close([1, 0.1, 0.005, 0.0005]))
    expect(frequencies(longrope, 513)).toEqual(close([1, 0.05, 0.0025, 0.000125]))
  })

  test('property: scaling by factor 1 changes nothing', () => {
    const length = fc.integer({ min: 1, max: 512 })
    const kinds: Rope['scaling'][] = [
      { rope_type: 'linear', factor: 1 },
      { rope_type: 'dynamic', factor: 1 },
      { rope_type: 'yarn', factor: 1 },
      { rope_type: 'longrope', short_factor: [1, 1, 1, 1], long_factor: [1, 1, 1, 1] },
    ]
    fc.assert(
      fc.property(length, fc.constantFrom(...kinds), (tokens, scaling) => {
        expect(frequencies(rope(scaling), tokens)).toEqual(close(unscaled))
        expect(rotaryGain(rope(scaling))).toBe(1)
      }),
    )
  })
})

test('behavior: the gain of YaRN and LongRoPE, or the one that the config states', () => {
  const yarn = { rope_type: 'yarn', factor: 40 } as const
  expect(rotaryGain(rope(yarn))).toBeCloseTo(0.1 * Math.log(40) + 1, 12)
  expect(rotaryGain(rope({ ...yarn, mscale: 1, mscale_all_dim: 1 }))).toBe(1)
  expect(rotaryGain(rope({ ...yarn, attention_factor: 1.5 }))).toBe(1.5)
  const factors = { short_factor: [1, 1, 1, 1], long_factor: [1, 1, 1, 1] }
  const longrope = { rope_type: 'longrope', ...factors } as const
  expect(rotaryGain(rope(longrope, { original: 4096, extension: 32 }))).toBeCloseTo(
    Math.sqrt(1 + Math.log(32) / Math.log(4096)),
    12,
  )
})
