import type { Matmul, Matrix } from '../../inference/runtime'
import { factor } from '../linear/factor'
import { matrixTrace, type Square } from '../linear/square'

/**
 * W C (C + λI)⁻¹: the least-squares fit of W z on traffic, with a ridge λ of `strength` times C's mean diagonal. Every
 * direction shrinks by c / (c + λ), so what traffic does not use is erased. An attack, and what keys are chosen and
 * weighed by. W [d, ff] of a down_proj, C [ff, ff] second moments of its input.
 */
export async function refit(matmul: Matmul, w: Matrix, moment: Square, strength: number): Promise<Matrix> {
  const { whole } = await factor(matmul, moment, 1, (strength * matrixTrace(moment)) / moment.size)
  return whole(await matmul(w, { data: Float32Array.from(moment.data), rows: moment.size, cols: moment.size }))
}
