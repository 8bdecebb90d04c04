import type { InferenceSession } from 'onnxruntime-node'
import { KinmarkError, sentenceOf } from '../error'
import { modelGraph } from '../onnx/model-graph'
import type { Tap } from '../onnx/tap'
import type { Model } from '../weights/open-model'
import type { Engine } from './engine'
import type { Feeds } from './feeds'

/** Runs on whichever of the feeds the graph takes: a shallow one needs no edits of deeper layers. */
export type Session = { run(feeds: Feeds): Promise<Readonly<Feeds>> }

type Sessions = {
  /** The session that gives these taps, made at its first use and kept. */
  get(taps: readonly Tap[], cache?: boolean): Promise<Session>
  close(): Promise<void>
}

export function openSessions(model: Model, editable: readonly string[], engine: Engine): Sessions {
  const made = new Map<string, Promise<InferenceSession>>()
  const create = async (taps: readonly Tap[], cache: boolean) => {
    try {
      return await engine.create(modelGraph(model.config, model.tensors, { taps, editable, cache }))
    } catch (cause) {
      throw new KinmarkError(`The model could not be loaded on ${engine.backend}: ${sentenceOf(cause)}`, { cause })
    }
  }
  return {
    async get(taps, cache = false) {
      const sorted = [...new Set(taps)].sort()
      const key = `${sorted} ${cache}`
      const making = made.get(key) ?? create(sorted, cache)
      made.set(key, making)
      making.catch(() => made.delete(key))
      const session = await making
      return {
        run: (feeds) => session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]))),
      }
    },
    async close() {
      const sessions = await Promise.allSettled(made.values())
      made.clear()
      for (const session of sessions) if (session.status === 'fulfilled') await session.value.release()
    },
  }
}
