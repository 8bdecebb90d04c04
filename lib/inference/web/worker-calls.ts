import { KinmarkError } from '../../error'
import type { PickRows } from '../pick'
import type { CallName, Calls, Reply, Request } from './web-protocol'
import { fromWire } from './wire-error'

type CallOptions = {
  signal?: AbortSignal
  onProgress?: (done: number, total: number) => void
  /** For `generate`. */
  pick?: PickRows
}

export type WorkerCalls = {
  call<K extends CallName>(call: K, params: Calls[K]['params'], options?: CallOptions): Promise<Calls[K]['result']>
  close(): void
}

type Pending = CallOptions & { resolve(result: unknown): void; reject(reason: unknown): void }

/** Calls over messages. Aborting a call ends the worker, because a running graph cannot be stopped otherwise. */
export function workerCalls(worker: Worker): WorkerCalls {
  const pending = new Map<number, Pending>()
  let ended: unknown
  let nextId = 0
  const post = (request: Request) => worker.postMessage(request)
  const end = (reason: unknown) => {
    ended ??= reason
    worker.terminate()
    for (const { reject } of pending.values()) reject(ended)
    pending.clear()
  }

  worker.onerror = ({ message }) => end(new KinmarkError('inference.worker-failed', { reason: message }))
  worker.onmessage = async ({ data: reply }: MessageEvent<Reply>) => {
    const { id } = reply
    const waiting = pending.get(id)
    if (!waiting) return
    if (reply.kind === 'progress') return waiting.onProgress?.(reply.done, reply.total)
    if (reply.kind === 'pick') {
      if (!waiting.pick) return
      try {
        return post({ id, call: 'picked', params: await waiting.pick(reply.logits, reply.from, reply.rows) })
      } catch (reason) {
        return end(reason)
      }
    }
    pending.delete(id)
    if (reply.kind === 'done') waiting.resolve(reply.result)
    else waiting.reject(fromWire(reply.error))
  }

  return {
    async call(call, params, options = {}) {
      if (ended) throw ended
      const { signal } = options
      signal?.throwIfAborted()
      const id = nextId++
      const abort = () => end(signal?.reason)
      signal?.addEventListener('abort', abort)
      try {
        return await new Promise((resolve, reject) => {
          pending.set(id, { ...options, resolve: resolve as Pending['resolve'], reject })
          post({ id, call, params } as Request)
        })
      } finally {
        signal?.removeEventListener('abort', abort)
      }
    },
    close: () => end(new KinmarkError('inference.model-closed')),
  }
}
