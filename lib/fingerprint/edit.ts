import type { Matrix } from '../inference/runtime'
import { transpose } from './linear/matrix'
import { productTransposed } from './linear/product'

/** ΔW = Dᵀ P [hidden, ff], for targets D [n, hidden] and a layer's solver P [n, ff]: one product a layer. */
export function layerEdit(targets: Matrix, solver: Matrix): Matrix {
  return productTransposed(transpose(targets), transpose(solver))
}
