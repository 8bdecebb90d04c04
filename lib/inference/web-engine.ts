import type { NamedBytes } from '../weights/bytes'
import type { TensorTable } from '../weights/tensor'
import type { Engine } from './engine'
import { loadPieces, planPieces } from './pieces'

/** Without WebGPU the build of onnxruntime is half as large and twice as fast, so each backend loads its own. */
const builds = {
  webgpu: () => import('onnxruntime-web/webgpu'),
  wasm: () => import('onnxruntime-web/wasm'),
}

/**
 * onnxruntime-web. A session takes its own copy of the weights, so those read for it are given up when it is made.
 * Threads need a page that is cross-origin isolated.
 */
export async function webEngine(
  backend: keyof typeof builds,
  files: readonly NamedBytes[],
  tensors: TensorTable,
  onProgress: (bytesDone: number, bytes: number) => void,
): Promise<Engine> {
  const { env, InferenceSession, Tensor } = await builds[backend]()
  env.wasm.numThreads = self.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1
  const plan = planPieces(tensors, () => false)
  return {
    backend,
    Tensor,
    tensors: plan.tensors,
    create: async (graph) =>
      InferenceSession.create(graph, {
        executionProviders: [backend],
        externalData: await loadPieces(plan, files, onProgress),
        logSeverityLevel: 3,
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      }),
    async fill(session, feeds, wanted) {
      const outputs = await session.run(feeds)
      for (const [name, { data }] of wanted) data.set(outputs[name].data as Float32Array)
    },
  }
}
