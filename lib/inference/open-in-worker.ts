import { KinmarkError, sentenceOf } from '../error'
import { blobBytes, type NamedBytes } from '../weights/bytes'
import { inspectSuspect } from '../weights/open-suspect'
import { assertFits } from './memory'
import { type SessionRuntime, sessionRuntime } from './session-runtime'
import { webEngine } from './web-engine'
import type { Calls } from './web-protocol'
import { webgpuObstacle } from './webgpu'

type Opened = { runtime: SessionRuntime; fallback: string | null }
type Start = (backend: 'webgpu' | 'wasm') => Promise<SessionRuntime>

/** Rows run together: few enough that progress shows on slow machines. */
const tokensPerBatch = 512

/** WebAssembly's addresses have 32 bits, and both backends load their weights through it. */
const pageLimit = 2 ** 32

/** Reads and checks a folder's files, and starts the backend asked for; `auto` falls back to WebAssembly. */
export async function openInWorker(
  { files, backend, editable, writes }: Calls['open']['ask'],
  onProgress: (done: number, total: number) => void,
): Promise<Opened> {
  const named: NamedBytes[] = files.map(({ name, blob }) => ({ path: name, bytes: blobBytes(blob) }))
  const model = await inspectSuspect(named)
  assertFits(model, deviceMemory(), 'is all that this device has')
  assertFits(model, pageLimit, 'is all that a page can use: check it with Kinmark’s command line instead')
  const start: Start = async (name) => {
    const engine = await webEngine(name, named, model.tensors, onProgress)
    return answering(sessionRuntime(engine, model, named, { editable, tokensPerBatch }), writes)
  }
  if (backend === 'wasm') return { runtime: await start('wasm'), fallback: null }
  const obstacle = await webgpuObstacle(backend === 'webgpu')
  if (backend === 'auto') return startAuto(start, obstacle)
  if (obstacle) throw new KinmarkError(`${obstacle} Choose WebAssembly instead.`)
  return { runtime: await start('webgpu'), fallback: null }
}

/** In bytes, where the browser tells; it tells “8 GiB” of every larger device. */
function deviceMemory(): number {
  const { deviceMemory: gibibytes = 8 } = navigator as Navigator & { deviceMemory?: number }
  return gibibytes < 8 ? gibibytes * 2 ** 30 : Number.POSITIVE_INFINITY
}

async function startAuto(start: Start, obstacle: string | null): Promise<Opened> {
  if (obstacle) return { runtime: await start('wasm'), fallback: obstacle }
  try {
    return { runtime: await start('webgpu'), fallback: null }
  } catch (error) {
    return { runtime: await start('wasm'), fallback: `WebGPU failed here: ${sentenceOf(error)}` }
  }
}

/** Asks the model one token as it will be asked, so that a backend that cannot run it is known at once. */
async function answering(runtime: SessionRuntime, writes: boolean): Promise<SessionRuntime> {
  const start = { ids: Int32Array.of(runtime.shape.bos), rows: 1, length: 1 }
  const usable = (logits: Float32Array) => {
    if (!logits.every(Number.isFinite) || logits.every((x) => x === 0))
      throw new KinmarkError('The model answers with no usable numbers.')
    return start.ids
  }
  if (writes) await runtime.generate(start, 1, usable, {})
  else usable((await runtime.run(start, ['logits'])).logits.data)
  return runtime
}
