import { seededRandom } from '../../lib/fingerprint/stats/random'
import type { Matrix } from '../../lib/inference/runtime'

/** DARE: of what w adds to a base, a share chosen at random is dropped, and the rest scaled up. */
export function dare(base: Matrix, w: Matrix, share: number): Matrix {
  const random = seededRandom(new Uint8Array(16).fill(8))
  return { ...w, data: base.data.map((x, i) => (random() < share ? x : x + (w.data[i] - x) / (1 - share))) }
}

/** TIES with one model: of what w adds to a base, only the part with the largest magnitudes is kept. */
export function ties(base: Matrix, w: Matrix, part: number): Matrix {
  const sizes = w.data.map((x, i) => Math.abs(x - base.data[i]))
  const limit = sizes.slice().sort()[Math.floor((1 - part) * sizes.length)]
  return { ...w, data: base.data.map((x, i) => (sizes[i] >= limit ? w.data[i] : x)) }
}
