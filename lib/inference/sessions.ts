import type { InferenceSession } from 'onnxruntime-node'
import { llamaGraph } from '../onnx/llama-graph'
import type { Tap } from '../onnx/tap'
import type { Model } from '../weights/open-model'
import type { Engine } from './engine'

export type Sessions = {
  /** The session that gives these taps, made at its first use and kept. */
  get(taps: readonly Tap[], cache?: boolean): Promise<InferenceSession>
  close(): Promise<void>
}

export function openSessions(model: Model, editable: readonly string[], engine: Engine): Sessions {
  const made = new Map<string, Promise<InferenceSession>>()
  return {
    get(taps, cache = false) {
      const sorted = [...new Set(taps)].sort()
      const key = `${sorted} ${cache}`
      const session =
        made.get(key) ?? engine.create(llamaGraph(model.config, model.tensors, { taps: sorted, editable, cache }))
      made.set(key, session)
      session.catch(() => made.delete(key))
      return session
    },
    async close() {
      const sessions = await Promise.allSettled(made.values())
      made.clear()
      for (const session of sessions) if (session.status === 'fulfilled') await session.value.release()
    },
  }
}
