import type { Precision } from '../../onnx/graph/precision'
import type { TensorTable } from '../../weights/tensor'
import type { Engine } from '../engine'
import { planWeightBuffers, type ReadSync, streamWeightBuffers } from '../weight-buffers'

/** Each backend has its own build: the one without WebGPU is half as large and twice as fast. */
const builds = {
  webgpu: () => import('onnxruntime-web/webgpu'),
  wasm: () => import('onnxruntime-web/wasm'),
}

type WebEngineSettings = {
  backend: keyof typeof builds
  weights: Precision
  tensors: TensorTable
  read: ReadSync
  /**
   * Whether matrices are repacked for fast products when generating. A matrix that is also read by row is then held
   * twice.
   */
  packs: boolean
  onProgress: (bytesDone: number, bytes: number) => void
}

/** Engine over onnxruntime-web. Threads need a page that is cross-origin isolated. */
export async function webEngine(settings: WebEngineSettings): Promise<Engine> {
  const { backend, weights, tensors, read, packs, onProgress } = settings
  const { env, InferenceSession, Tensor } = await builds[backend]()
  env.wasm.numThreads = self.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1
  const plan = planWeightBuffers(tensors, () => false, weights)
  const total = plan.moved.reduce((sum, { from }) => sum + from.byteLength, 0)
  return {
    backend,
    weights,
    mapped: false,
    inPlace: false,
    generatePrecision: backend === 'webgpu' ? weights : 'F32',
    Tensor,
    tensors: plan.tensors,
    async create(graph, deviceOutputs) {
      let done = 0
      const onRead = (bytes: number) => {
        done += bytes
        onProgress(done, total)
      }
      const tracked = trackFailure(read)
      const created = InferenceSession.create(graph, {
        executionProviders: [backend],
        externalData: streamWeightBuffers(plan, tracked.read, onRead),
        ...(backend === 'webgpu' ? { preferredOutputLocation: onDevice(deviceOutputs) } : {}),
        logSeverityLevel: 3,
        extra: {
          session: {
            disable_prepacking: packs && deviceOutputs.length > 0 ? '0' : '1',
            intra_op: { allow_spinning: '0' },
          },
          ...(weights === 'F16' ? { optimization: { disable_specified_optimizers: wideningOptimizers } } : {}),
        },
      })
      return created.catch((error) => {
        throw tracked.failure() ?? error
      })
    },
    async fill(session, feeds, outputs) {
      const results = await session.run(feeds)
      for (const [name, { data }] of outputs) data.set(results[name].data as Float32Array)
    },
  }
}

/** Optimizers that would convert all weights to float32 permanently when a session is created. */
const wideningOptimizers = 'ConstantFolding;FuseFp16InitializerToFp32NodeTransformer'

const onDevice = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'gpu-buffer' as const]))

/** Keeps the error that `read` throws, because onnxruntime reports only “unknown error”. */
function trackFailure(read: ReadSync): { read: ReadSync; failure(): unknown } {
  let failure: unknown
  return {
    failure: () => failure,
    read(...range) {
      try {
        return read(...range)
      } catch (error) {
        failure = error
        throw error
      }
    },
  }
}
