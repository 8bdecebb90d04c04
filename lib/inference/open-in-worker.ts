import { KinmarkError, sentenceOf } from '../error'
import { blobBytes, type NamedBytes } from '../weights/bytes'
import { inspectModel, type Model } from '../weights/open-model'
import { type SessionRuntime, sessionRuntime } from './session-runtime'
import { webEngine } from './web-engine'
import { memoryBytes, readWhole } from './web-files'
import type { Calls } from './web-protocol'
import { webgpuObstacle } from './webgpu'
import { widenBf16 } from './widen-bf16'

type Opened = { runtime: SessionRuntime; fallback: string | null }
type Start = (backend: 'webgpu' | 'wasm') => Promise<SessionRuntime>

/** Rows run together: few enough that progress shows on slow machines. */
const tokensPerBatch = 512

/** Reads and checks a folder's files, and starts the backend asked for; `auto` falls back to WebAssembly. */
export async function openInWorker(
  { files, backend, editable }: Calls['open']['ask'],
  onProgress: (done: number, total: number) => void,
): Promise<Opened> {
  const read = await readModel(files, onProgress)
  const start: Start = async (name) => {
    const named: NamedBytes[] = read.files.map(({ path, data }) => memoryBytes(path, data))
    const engine = await webEngine(name, read.files)
    return answering(sessionRuntime(engine, read.model, named, { editable, tokensPerBatch }))
  }
  if (backend === 'wasm') return { runtime: await start('wasm'), fallback: null }
  const obstacle = await webgpuObstacle(backend === 'webgpu')
  if (backend === 'auto') return startAuto(start, obstacle)
  if (obstacle) throw new KinmarkError(`${obstacle} Choose WebAssembly instead.`)
  return { runtime: await start('webgpu'), fallback: null }
}

async function readModel(
  files: Calls['open']['ask']['files'],
  onProgress: (done: number, total: number) => void,
): Promise<{ model: Model; files: { path: string; data: Uint8Array }[] }> {
  const model = await inspectModel(files.map(({ name, blob }) => ({ path: name, bytes: blobBytes(blob) })))
  const shards = new Set([...model.tensors.values()].map(({ file }) => file))
  const shardFiles = files.filter(({ name }) => shards.has(name))
  const wide = widenBf16(model.tensors, await readWhole(shardFiles, onProgress))
  return { model: { ...model, tensors: wide.tensors }, files: wide.files }
}

async function startAuto(start: Start, obstacle: string | null): Promise<Opened> {
  if (obstacle) return { runtime: await start('wasm'), fallback: obstacle }
  try {
    return { runtime: await start('webgpu'), fallback: null }
  } catch (error) {
    return { runtime: await start('wasm'), fallback: `WebGPU failed here: ${sentenceOf(error)}` }
  }
}

/** Asks the model one token, so that a backend that cannot run it is known at once. */
async function answering(runtime: SessionRuntime): Promise<SessionRuntime> {
  const { logits } = await runtime.run({ ids: Int32Array.of(runtime.shape.bos), rows: 1, length: 1 }, ['logits'])
  if (!logits.data.every(Number.isFinite) || logits.data.every((x) => x === 0))
    throw new KinmarkError('The model answers with no usable numbers.')
  return runtime
}
