import { KinmarkError, sentenceOf } from '../error'
import { blobBytes } from '../weights/bytes'
import { inspectModel, type Model } from '../weights/open-model'
import type { PickRows } from './pick'
import { type SessionRuntime, sessionRuntime } from './session-runtime'
import { webEngine } from './web-engine'
import { memoryBytes, readWhole } from './web-files'
import type { Calls, Reply, Request } from './web-protocol'
import { webgpuObstacle } from './webgpu'

/** Runs a model in a worker for `openWebRuntime`: one model for the worker's whole life. */

const tokensPerBatch = 512
let opened: SessionRuntime | undefined
const picks = new Map<number, (ids: Int32Array) => void>()

const post = (reply: Reply, transfer: Transferable[] = []) => self.postMessage(reply, { transfer })

self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
  const { id } = request
  if (request.call === 'picked') return picks.get(id)?.(request.ask)
  try {
    post({ id, kind: 'done', answer: await answer(request) })
  } catch (error) {
    post({ id, kind: 'failed', sentence: sentenceOf(error) })
  }
}

async function answer(request: Exclude<Request, { call: 'picked' }>): Promise<Calls[keyof Calls]['answer']> {
  const { id } = request
  const onProgress = (done: number, total: number) => post({ id, kind: 'progress', done, total })
  if (request.call === 'open') return open(request.ask, onProgress)
  if (!opened) throw new KinmarkError('No model has been opened in this worker.')
  switch (request.call) {
    case 'run':
      return opened.run(request.ask.batch, request.ask.taps, { edits: request.ask.edits, onProgress })
    case 'generate':
      return opened.generate(request.ask.prompts, request.ask.length, pickInPage(id), {
        edits: request.ask.edits,
        onProgress,
      })
    case 'head':
      return opened.head()
    case 'tensor':
      return opened.tensor(request.ask)
  }
}

function pickInPage(id: number): PickRows {
  return (logits, from, rows) =>
    new Promise((resolve) => {
      picks.set(id, resolve)
      post({ id, kind: 'pick', logits, from, rows })
    })
}

async function open(
  { files, backend, editable }: Calls['open']['ask'],
  onProgress: (done: number, total: number) => void,
): Promise<Calls['open']['answer']> {
  const model = await inspectModel(files.map(({ name, blob }) => ({ path: name, bytes: blobBytes(blob) })))
  const shards = new Set([...model.tensors.values()].map(({ file }) => file))
  const weights = await readWhole(
    files.filter(({ name }) => shards.has(name)),
    onProgress,
  )
  const start = (name: 'webgpu' | 'wasm') => startOn(name, model, weights, editable)

  let fallback = backend === 'wasm' ? null : await webgpuObstacle(backend === 'webgpu')
  if (backend === 'webgpu' && fallback) throw new KinmarkError(`${fallback} Choose WebAssembly instead.`)
  if (backend !== 'wasm' && !fallback) {
    try {
      opened = await start('webgpu')
    } catch (error) {
      if (backend === 'webgpu') throw error
      fallback = `WebGPU failed here: ${sentenceOf(error)}`
    }
  }
  opened ??= await start('wasm')
  return { shape: opened.shape, backend: opened.backend, fallback }
}

/** Opens the model and asks it one token, so that a backend that cannot run it is known at once. */
async function startOn(
  backend: 'webgpu' | 'wasm',
  model: Model,
  weights: { path: string; data: Uint8Array }[],
  editable: readonly string[],
): Promise<SessionRuntime> {
  const files = weights.map(({ path, data }) => memoryBytes(path, data))
  const runtime = sessionRuntime(await webEngine(backend, weights), model, files, { editable, tokensPerBatch })
  const { logits } = await runtime.run({ ids: Int32Array.of(model.config.bos), rows: 1, length: 1 }, ['logits'])
  if (!logits.data.every(Number.isFinite) || logits.data.every((x) => x === 0))
    throw new KinmarkError('the model gives no numbers.')
  return runtime
}
