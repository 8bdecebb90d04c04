import { expect, test } from 'vitest'
import { readContainer, writeContainer } from './container'
import { deserialize, serialize } from './serialize'

const value = {
  name: 'x',
  nested: [{ ids: Int32Array.of(1, -2), weights: Float32Array.of(0.5) }, null, [Float64Array.of(1e-300)]],
  bytes: Uint8Array.of(1, 2, 3),
  words: Uint32Array.of(4_294_967_295),
  empty: new Float32Array(0),
}

test('default: typed arrays anywhere in JSON survive, with their types', () => {
  expect(deserialize(7, serialize(7, value))).toEqual(value)
})

test('behavior: a view is written without the rest of its buffer', () => {
  const bytes = serialize(7, { part: Float32Array.of(1, 2, 3, 4).subarray(1, 3) })
  expect(deserialize(7, bytes)).toEqual({ part: Float32Array.of(2, 3) })
})

test('error: a reference to a section that is missing', () => {
  const [json] = readContainer(7, serialize(7, value))
  expect(() => deserialize(7, writeContainer(7, [json]))).toThrow(
    expect.objectContaining({
      code: 'fingerprint.section-missing',
      facts: { section: expect.any(Number), sections: 0 },
    }),
  )
})
