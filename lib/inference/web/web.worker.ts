import { KinmarkError } from '../../error'
import type { PickRows } from '../pick'
import type { SessionRuntime } from '../session-runtime'
import { measureMachine } from './measure-machine'
import { openInWorker } from './open-in-worker'
import type { Calls, Reply, Request } from './web-protocol'
import { toWire } from './wire-error'

/** The worker of `openWebRuntime`. It runs one model as long as it lives. */

let opened: SessionRuntime | undefined
const picks = new Map<number, (ids: Int32Array) => void>()

const post = (reply: Reply) => self.postMessage(reply)

self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
  const { id } = request
  if (request.call === 'picked') return picks.get(id)?.(request.params)
  try {
    post({ id, kind: 'done', result: await resultOf(request) })
  } catch (error) {
    post({ id, kind: 'failed', error: toWire(error) })
  }
}

async function resultOf(request: Exclude<Request, { call: 'picked' }>): Promise<Calls[keyof Calls]['result']> {
  const { id } = request
  const onProgress = (done: number, total: number) => post({ id, kind: 'progress', done, total })
  if (request.call === 'open') {
    const { runtime, fallback } = await openInWorker(request.params, onProgress)
    opened = runtime
    const { shape, backend, weights } = runtime
    return { shape, backend, weights, fallback: fallback && toWire(fallback) }
  }
  if (request.call === 'measure') return measureMachine()
  if (!opened) throw new KinmarkError('inference.worker-not-opened')
  switch (request.call) {
    case 'run': {
      const { batch, taps, edits } = request.params
      return opened.run(batch, taps, { edits, onProgress })
    }
    case 'generate': {
      const { prompts, length, edits } = request.params
      return opened.generate(prompts, length, pickInPage(id), { edits, onProgress })
    }
    case 'head':
      return opened.head()
    case 'tensor':
      return opened.tensor(request.params)
  }
}

function pickInPage(id: number): PickRows {
  return (logits, from, rows) =>
    new Promise((resolve) => {
      picks.set(id, resolve)
      post({ id, kind: 'pick', logits, from, rows })
    })
}
