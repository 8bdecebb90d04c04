import type { Matrix } from '../inference/runtime'
import { type Head, rms } from './head'
import { cholesky, solveCholesky } from './linear/cholesky'
import { argmax, row, takeRows, zeros } from './linear/matrix'
import { productTransposed } from './linear/product'
import type { Square } from './linear/square'

const steps = 60
const closeEnough = 1e-3
/** Longest move, as a multiple of the residual: an unreachable margin cannot blow up. */
const reach = 1

/**
 * Per key, the smallest move of its last residual [n, d], in the head's curvature, for which `responses[i]` wins by
 * `margin` logits: Kaczmarz steps, each against the strongest rival, on the final norm and head alone.
 */
export function targetMoves(
  head: Head,
  residuals: Matrix,
  responses: Uint32Array,
  margin: number,
  curvature: Square,
): Matrix {
  const { unembedding: u, epsilon } = head
  const lower = cholesky(curvature)
  const moves = zeros(residuals.rows, residuals.cols)
  const limits = Float64Array.from({ length: residuals.rows }, (_, i) => reach * norm(row(residuals, i)))
  let active = Array.from({ length: residuals.rows }, (_, i) => i)
  for (let step = 0; step < steps && active.length > 0; step++) {
    const normed = takeRows(residuals, active)
    const scales = active.map((key, i) => {
      const x = row(normed, i)
      for (let j = 0; j < x.length; j++) x[j] += moves.data[key * x.length + j]
      const scale = rms(x, epsilon)
      for (let j = 0; j < x.length; j++) x[j] /= scale
      return scale
    })
    const logits = productTransposed(normed, u)
    const gaps = active.map((key, i) => gapTo(row(logits, i), responses[key], margin))
    const open = active.flatMap((_, i) => (gaps[i].gap >= closeEnough ? [i] : []))
    const against = zeros(open.length, u.cols)
    for (const [at, i] of open.entries()) {
      const [mine, rival] = [row(u, responses[active[i]]), row(u, gaps[i].rival)]
      row(against, at).set(mine.map((x, j) => x - rival[j]))
    }
    const along = solveCholesky(lower, against)
    for (const [at, i] of open.entries()) {
      const [a, b, move] = [row(against, at), row(along, at), row(moves, active[i])]
      const stride = (gaps[i].gap * scales[i]) / a.reduce((sum, x, j) => sum + x * b[j], 0)
      for (let j = 0; j < move.length; j++) move[j] += stride * b[j]
      const cut = limits[active[i]] / norm(move)
      if (cut < 1) for (let j = 0; j < move.length; j++) move[j] *= cut
    }
    active = open.map((i) => active[i])
  }
  return moves
}

/** How far the response is from winning by `margin`, and its strongest rival. */
function gapTo(logits: Float32Array, response: number, margin: number): { gap: number; rival: number } {
  const mine = logits[response]
  logits[response] = Number.NEGATIVE_INFINITY
  const rival = argmax(logits)
  return { gap: margin - (mine - logits[rival]), rival }
}

function norm(x: Float32Array): number {
  return Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
}
