import { expect, test } from 'vitest'
import { looseJson } from './loose-json'

test('default: JSON', () => {
  expect(looseJson('{"a": [1, "NaN"], "b": null}')).toEqual({ a: [1, 'NaN'], b: null })
})

test('behavior: the numbers that Python writes and JSON lacks become strings, and strings stay as they are', () => {
  const text = '{"limits": [0.0, Infinity], "low": -Infinity, "mean": NaN, "note": "NaN \\" Infinity"}'
  expect(looseJson(text)).toEqual({ limits: [0, 'Infinity'], low: '-Infinity', mean: 'NaN', note: 'NaN " Infinity' })
})

test.each(['{', '{"a": Inf}', "{'a': 1}", '[NaN,]'])('error: %s', (text) => {
  expect(() => looseJson(text)).toThrow(SyntaxError)
})
