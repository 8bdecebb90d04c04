import { expect, test } from 'vitest'
import { assertLayers, defaultLayers } from './layers'

test.each([
  [1, [0]],
  [4, [0, 1, 2, 3]],
  [8, [0, 1, 2, 3, 4, 5, 6, 7]],
  [32, [24, 25, 26, 27, 28, 29, 30, 31]],
])('default: of %i layers, %j are edited', (depth, layers) => {
  expect(defaultLayers(depth)).toEqual(layers)
})

test.each([[[]], [[2, 1]], [[4]], [[0.5]]])('error: layers %j of 4', (layers) => {
  expect(() => assertLayers(layers, 4)).toThrow(
    expect.objectContaining({ code: 'fingerprint.layers-invalid', facts: { layers, depth: 4 } }),
  )
})
