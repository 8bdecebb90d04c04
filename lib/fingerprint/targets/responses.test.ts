import { expect, test } from 'vitest'
import { pickMoves, repeated, responsesOf } from './responses'

test('default: the codeword chooses a candidate per key', () => {
  expect(responsesOf(Uint32Array.of(10, 11, 20, 21), Uint8Array.of(1, 0))).toEqual(Uint32Array.of(11, 20))
})

test('default: the codeword chooses a move per row, in every solved context', () => {
  const moves = [0, 1].map((symbol) => {
    return { data: Float32Array.from({ length: 4 }, (_, i) => 10 * symbol + i), rows: 4, cols: 1 }
  })
  expect(pickMoves(moves, Uint8Array.of(1, 0)).data).toEqual(Float32Array.of(10, 1, 12, 3))
  expect(repeated(Uint32Array.of(5, 6), 4)).toEqual(Uint32Array.of(5, 6, 5, 6))
})
