import type { Matmul, Matrix } from '../../inference/runtime'
import { factor } from '../linear/factor'
import { matrixTrace, type Square } from '../linear/square'

/** W [d, ff] of a down_proj after a refit. */
export type Refit = (w: Matrix) => Promise<Matrix>

/**
 * W C (C + λI)⁻¹ = W − λ W (C + λI)⁻¹: the least-squares fit of W z on traffic, with a ridge λ of `strength` times C's mean
 * diagonal. Every direction shrinks by c / (c + λ), so what traffic does not use is erased. An attack, and what keys are
 * chosen and weighed by. C [ff, ff] second moments of down_proj's input; it is factored once for any number of W.
 */
export async function refitter(matmul: Matmul, moment: Square, strength: number): Promise<Refit> {
  const lambda = (strength * matrixTrace(moment)) / moment.size
  const { whole } = await factor(matmul, moment, 1, lambda)
  return async (w) => {
    const lost = await whole({ ...w, data: w.data.slice() })
    return { ...w, data: w.data.map((x, i) => x - lambda * lost.data[i]) }
  }
}

export async function refit(matmul: Matmul, w: Matrix, moment: Square, strength: number): Promise<Matrix> {
  return (await refitter(matmul, moment, strength))(w)
}
