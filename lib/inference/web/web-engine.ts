import type { Precision } from '../../onnx/graph/precision'
import type { TensorTable } from '../../weights/tensor'
import type { Engine } from '../engine'
import { planWeightBuffers, type ReadSync, streamWeightBuffers } from '../weight-buffers'

/** Without WebGPU the build of onnxruntime is half as large and twice as fast, so each backend loads its own. */
const builds = {
  webgpu: () => import('onnxruntime-web/webgpu'),
  wasm: () => import('onnxruntime-web/wasm'),
}

type WebEngineSettings = {
  backend: keyof typeof builds
  weights: Precision
  tensors: TensorTable
  read: ReadSync
  /** Whether matrices are laid out for fast products where it writes; one that is also looked up by rows is held twice. */
  packs: boolean
  onProgress: (bytesDone: number, bytes: number) => void
}

/** onnxruntime-web. Threads need a page that is cross-origin isolated. */
export async function webEngine(settings: WebEngineSettings): Promise<Engine> {
  const { backend, weights, tensors, read, packs, onProgress } = settings
  const { env, InferenceSession, Tensor } = await builds[backend]()
  env.wasm.numThreads = self.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1
  const plan = planWeightBuffers(tensors, () => false, weights)
  const total = plan.moved.reduce((sum, { from }) => sum + from.byteLength, 0)
  return {
    backend,
    weights,
    generatePrecision: backend === 'webgpu' ? weights : 'F32',
    Tensor,
    tensors: plan.tensors,
    async create(graph, kept) {
      let done = 0
      const onRead = (bytes: number) => {
        done += bytes
        onProgress(done, total)
      }
      const told = remembering(read)
      const made = InferenceSession.create(graph, {
        executionProviders: [backend],
        externalData: streamWeightBuffers(plan, told.read, onRead),
        ...(backend === 'webgpu' ? { preferredOutputLocation: onDevice(kept) } : {}),
        logSeverityLevel: 3,
        extra: {
          session: {
            disable_prepacking: packs && kept.length > 0 ? '0' : '1',
            intra_op: { allow_spinning: '0' },
          },
          ...(weights === 'F16' ? { optimization: { disable_specified_optimizers: widening } } : {}),
        },
      })
      return made.catch((error) => {
        throw told.failure() ?? error
      })
    },
    async fill(session, feeds, wanted) {
      const outputs = await session.run(feeds)
      for (const [name, { data }] of wanted) data.set(outputs[name].data as Float32Array)
    },
  }
}

/** What would widen all weights for good when a session is made. */
const widening = 'ConstantFolding;FuseFp16InitializerToFp32NodeTransformer'

const onDevice = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'gpu-buffer' as const]))

/** `read`, and what it threw: onnxruntime only says “unknown error” of that. */
function remembering(read: ReadSync): { read: ReadSync; failure(): unknown } {
  let failure: unknown
  return {
    failure: () => failure,
    read(...stretch) {
      try {
        return read(...stretch)
      } catch (error) {
        failure = error
        throw error
      }
    },
  }
}
