import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { gemmCeiling } from '../gemm-ceiling'
import type { ShapeName } from '../shapes'

/** The limit of matrix products in a page, with the same number of threads as the other columns. */
export function run({ workload }: { workload: { shape: ShapeName } }): Promise<number> {
  env.wasm.numThreads = Math.min(8, navigator.hardwareConcurrency)
  return gemmCeiling({ InferenceSession, Tensor }, workload.shape)
}
