import type { Matrix } from '../../inference/runtime'
import { row, zeros } from '../linear/matrix'

/** Per key, the candidate of the codeword’s symbol; candidates [N, k]. */
export function responsesOf(candidates: Uint32Array, codeword: Uint8Array): Uint32Array {
  const perKey = candidates.length / codeword.length
  return Uint32Array.from(codeword, (symbol, i) => candidates[i * perKey + symbol])
}

/** Per row, the move for the symbol of its key, [R, d]; the R rows are the N keys, repeated for each solved context. */
export function pickMoves(moves: readonly Matrix[], codeword: Uint8Array): Matrix {
  const { rows, cols } = moves[0]
  const out = zeros(rows, cols)
  for (let i = 0; i < rows; i++) row(out, i).set(row(moves[codeword[i % codeword.length]], i))
  return out
}

/** The N values repeated to `rows` values, once for each solved context. */
export function repeated(values: Uint32Array, rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, i) => values[i % values.length])
}
