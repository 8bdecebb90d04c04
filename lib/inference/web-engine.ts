import type { Engine } from './engine'

/** Without WebGPU the build of onnxruntime is half as large and twice as fast, so each backend loads its own. */
const builds = {
  webgpu: () => import('onnxruntime-web/webgpu'),
  wasm: () => import('onnxruntime-web/wasm'),
}

/** onnxruntime-web over weights in memory. Threads need a page that is cross-origin isolated. */
export async function webEngine(
  backend: keyof typeof builds,
  weights: { path: string; data: Uint8Array }[],
): Promise<Engine> {
  const { env, InferenceSession, Tensor } = await builds[backend]()
  env.wasm.numThreads = self.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1
  const options = {
    executionProviders: [backend],
    externalData: weights,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  } as const
  return { backend, Tensor, create: (graph) => InferenceSession.create(graph, options) }
}
