import { LegacyError, messageOf } from '../../error'
import type { Precision } from '../../onnx/graph/precision'
import { blobBytes, type NamedBytes } from '../../weights/bytes'
import { type InspectedWeights, inspectWeights } from '../../weights/inspect-weights'
import { assertFits, memoryNeeded, pageLimit } from '../memory'
import { type SessionRuntime, sessionRuntime } from '../session-runtime'
import { readSync } from './read-sync'
import { webEngine } from './web-engine'
import type { Calls } from './web-protocol'
import { webgpuHere } from './webgpu'

type Opened = { runtime: SessionRuntime; fallback: string | null }
type Start = (backend: 'webgpu' | 'wasm', weights: Precision) => Promise<SessionRuntime>

/** Rows run together: few enough that progress shows on slow machines. */
const tokensPerBatch = 512

/** Reads and checks a folder's files, and starts the backend asked for; `auto` falls back to WebAssembly. */
export async function openInWorker(
  { files, backend, weights, editable, generates }: Calls['open']['ask'],
  onProgress: (done: number, total: number) => void,
): Promise<Opened> {
  const named: NamedBytes[] = files.map(({ name, blob }) => ({ path: name, bytes: blobBytes(blob) }))
  const model = await inspectWeights(named)
  const least = weights ?? 'F16'
  assertFits(model, deviceMemory(), 'is all that this device has', least)
  assertFits(model, pageLimit, 'is all that a page can use: check it with Kinmark’s command line instead', least)
  const read = readSync(files)
  const spare = Math.min(deviceMemory(), pageLimit) - memoryNeeded(model)
  const start: Start = async (backend, weights) => {
    const packs = backend === 'wasm' && spare >= 4 * model.config.vocab * model.config.hidden
    const engine = await webEngine({ backend, weights, tensors: model.tensors, read, packs, onProgress })
    return answering(sessionRuntime(engine, model, named, { editable, tokensPerBatch }), generates)
  }
  const startWasm = async (fallback: string | null) => ({
    runtime: await start('wasm', weights ?? (spare >= 0 ? 'F32' : 'F16')),
    fallback,
  })
  if (backend === 'wasm') return startWasm(null)
  const here = await webgpuHere(backend === 'webgpu')
  if ('obstacle' in here) {
    if (backend === 'auto') return startWasm(here.obstacle)
    throw new LegacyError(`${here.obstacle} Choose WebAssembly instead.`)
  }
  try {
    const order = generates || isHalf(model) ? here.precisions : here.precisions.toReversed()
    return { runtime: await startWebgpu(start, weights ? [weights] : order), fallback: null }
  } catch (error) {
    if (backend === 'webgpu') throw error
    return startWasm(`WebGPU failed here: ${messageOf(error)}`)
  }
}

/** In bytes, where the browser tells; it tells “8 GiB” of every larger device. */
function deviceMemory(): number {
  const { deviceMemory: gibibytes = 8 } = navigator as Navigator & { deviceMemory?: number }
  return gibibytes < 8 ? gibibytes * 2 ** 30 : Number.POSITIVE_INFINITY
}

/** Whether its weights lose next to nothing in half precision: an answer should not depend on who asks. */
function isHalf({ dtype }: InspectedWeights): boolean {
  return dtype === 'F16' || dtype === 'BF16'
}

/** In the first of these precisions that the model answers in: some models' numbers are too large for half of it. */
async function startWebgpu(start: Start, [weights, ...others]: readonly Precision[]): Promise<SessionRuntime> {
  try {
    return await start('webgpu', weights)
  } catch (error) {
    if (others.length === 0) throw error
    return startWebgpu(start, others)
  }
}

/** Asks the model one token as it will be asked, so that a backend that cannot run it is known at once. */
async function answering(runtime: SessionRuntime, generates: boolean): Promise<SessionRuntime> {
  const start = { ids: Int32Array.of(runtime.shape.bos), rows: 1, length: 1 }
  const usable = (logits: Float32Array) => {
    if (!logits.every(Number.isFinite) || logits.every((x) => x === 0))
      throw new LegacyError('The model answers with no usable numbers.')
    return start.ids
  }
  try {
    if (generates) await runtime.generate(start, 1, usable, {})
    else usable((await runtime.run(start, ['logits'])).logits.data)
    return runtime
  } catch (error) {
    await runtime.close()
    throw error
  }
}
