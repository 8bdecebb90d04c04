import { rowByRow } from '../../lib/inference/pick'
import type { Precision, TokenBatch } from '../../lib/inference/runtime'
import { inspectWebFiles } from '../../lib/inference/web/inspect-web-files'
import type { WebFile } from '../../lib/inference/web/web-model'
import { type WorkerCalls, workerCalls } from '../../lib/inference/web/worker-calls'

export type Question = {
  files: { path: string; base64: string }[]
  backend: 'wasm' | 'webgpu'
  weights: Precision
  ids: number[]
  /** Whether residuals and generated tokens are wanted too: the tokens after the first `read` of `ids`. */
  rest?: { read: number; generated: number }
}

/** Logits [vocab] after the last of `ids`, residuals [length, hidden], tokens [generated]. */
export type Answers = { logits: number[]; residuals?: number[]; tokens?: number[] }

const workers = new Map<Question['backend'], WorkerCalls>()

/**
 * Runs in the page. One worker for each backend opens one model after another, so that onnxruntime, and the shaders
 * that the models have in common, are compiled once.
 */
export async function answers({ files, backend, weights, ids, rest }: Question): Promise<Answers> {
  const { call } = workers.get(backend) ?? startWorker(backend)
  const opened = await Promise.all(files.map(openFile))
  const model = await inspectWebFiles(opened)
  const { shape } = await call('open', { ...model, backend, weights, editable: [], generates: false })
  const batch: TokenBatch = { ids: Int32Array.from(ids), rows: 1, length: ids.length }
  const { logits } = await call('run', { batch, taps: ['logits'] })
  if (!rest) return { logits: [...logits.data] }
  const { residuals } = await call('run', { batch, taps: ['residuals'] })
  const prompts = { ids: batch.ids.slice(0, rest.read), rows: 1, length: rest.read }
  const pick = rowByRow((row) => row.indexOf(Math.max(...row)), shape.vocab)
  const tokens = await call('generate', { prompts, length: rest.generated }, { pick })
  return { logits: [...logits.data], residuals: [...residuals.data], tokens: [...tokens.ids] }
}

export async function openFile({ path, base64 }: Question['files'][number]): Promise<WebFile> {
  return { path, file: await (await fetch(`data:application/octet-stream;base64,${base64}`)).blob() }
}

function startWorker(backend: Question['backend']): WorkerCalls {
  const url = new URL('../../lib/inference/web/web.worker.ts', import.meta.url)
  const calls = workerCalls(new Worker(url, { type: 'module' }))
  workers.set(backend, calls)
  return calls
}
