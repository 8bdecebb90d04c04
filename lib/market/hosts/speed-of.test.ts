import { expect, test } from 'vitest'
import { speedOf } from './speed-of'

test('default: tokens a second of the whole answer', () => {
  const answer = { firstMs: 90, lastMs: 500, tokens: 48 }
  expect(speedOf(answer, 48)).toEqual({ firstMs: 90, tokens: 48, tokensPerSecond: 96 })
})

test('behavior: more tokens than were asked for are not believed, nor stored', () => {
  const told = { firstMs: 90, tokens: null, tokensPerSecond: null }
  expect(speedOf({ firstMs: 90, lastMs: 500, tokens: 49 }, 48)).toEqual(told)
  expect(speedOf({ firstMs: 90, lastMs: 500, tokens: 2 ** 39 }, 48)).toEqual(told)
})

test('behavior: an answer without text has no speed', () => {
  const none = { firstMs: null, tokens: 0, tokensPerSecond: null }
  expect(speedOf({ firstMs: null, lastMs: null, tokens: 0 }, 48)).toEqual(none)
})
