import { graphBuilder } from '../../onnx/graph/graph-builder'
import { encodeModel } from '../../onnx/proto/model-proto'
import type { Machine } from '../machine-fit'
import { deviceMemory } from './device-memory'
import { webgpuPrecisions } from './webgpu'

const size = 512
const repeats = 4

/** Multiplies small matrices for less than a second, in the worker. */
export async function measureMachine(): Promise<Machine> {
  const { env, InferenceSession, Tensor } = await import('onnxruntime-web/wasm')
  env.wasm.numThreads = self.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1
  const g = graphBuilder()
  for (const name of ['a', 'b']) g.input({ name, type: 'F32', shape: [size, size] })
  g.output(g.add('Gemm', ['a', 'b']), { name: 'y', type: 'F32', shape: [size, size] })
  const session = await InferenceSession.create(encodeModel(g.graph), { executionProviders: ['wasm'] })
  const matrix = () => new Tensor('float32', new Float32Array(size * size).fill(0.5), [size, size])
  const feeds = { a: matrix(), b: matrix() }
  let fastest = Number.POSITIVE_INFINITY
  for (let i = 0; i <= repeats; i++) {
    const started = performance.now()
    await session.run(feeds)
    fastest = Math.min(fastest, performance.now() - started)
  }
  await session.release()
  const webgpu = await webgpuPrecisions(false).catch(() => [])
  return { memory: deviceMemory(), flops: (2 * size ** 3 * 1000) / fastest, webgpu }
}
