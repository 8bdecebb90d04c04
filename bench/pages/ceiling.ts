import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { gemmCeiling } from '../gemm-ceiling'
import type { ShapeName } from '../shapes'

/** What products alone would allow in a page, with as many threads as everything else has there. */
export function ask({ workload }: { workload: { shape: ShapeName } }): Promise<number> {
  env.wasm.numThreads = Math.min(8, navigator.hardwareConcurrency)
  return gemmCeiling({ InferenceSession, Tensor }, workload.shape)
}
