import type { Matrix } from '../inference/runtime'
import { row, zeros } from './linear/matrix'

/** Per key, the candidate that a codeword's symbol names; candidates [N, k]. */
export function responsesOf(candidates: Uint32Array, codeword: Uint8Array): Uint32Array {
  const perKey = candidates.length / codeword.length
  return Uint32Array.from(codeword, (symbol, i) => candidates[i * perKey + symbol])
}

/** Per key, the row of the symbol's moves, [N, d]. */
export function pickMoves(moves: readonly Matrix[], codeword: Uint8Array): Matrix {
  const out = zeros(codeword.length, moves[0].cols)
  for (const [i, symbol] of codeword.entries()) row(out, i).set(row(moves[symbol], i))
  return out
}
