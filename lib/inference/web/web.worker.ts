import { LegacyError, messageOf } from '../../error'
import type { PickRows } from '../pick'
import type { SessionRuntime } from '../session-runtime'
import { openInWorker } from './open-in-worker'
import type { Calls, Reply, Request } from './web-protocol'

/** Runs a model for `openWebRuntime`: one model for the worker's whole life. */

let opened: SessionRuntime | undefined
const picks = new Map<number, (ids: Int32Array) => void>()

const post = (reply: Reply) => self.postMessage(reply)

self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
  const { id } = request
  if (request.call === 'picked') return picks.get(id)?.(request.ask)
  try {
    post({ id, kind: 'done', answer: await answer(request) })
  } catch (error) {
    post({ id, kind: 'failed', message: messageOf(error) })
  }
}

async function answer(request: Exclude<Request, { call: 'picked' }>): Promise<Calls[keyof Calls]['answer']> {
  const { id } = request
  const onProgress = (done: number, total: number) => post({ id, kind: 'progress', done, total })
  if (request.call === 'open') {
    const { runtime, fallback } = await openInWorker(request.ask, onProgress)
    opened = runtime
    const { shape, backend, weights } = runtime
    return { shape, backend, weights, fallback }
  }
  if (!opened) throw new LegacyError('No model has been opened in this worker.')
  switch (request.call) {
    case 'run': {
      const { batch, taps, edits } = request.ask
      return opened.run(batch, taps, { edits, onProgress })
    }
    case 'generate': {
      const { prompts, length, edits } = request.ask
      return opened.generate(prompts, length, pickInPage(id), { edits, onProgress })
    }
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
