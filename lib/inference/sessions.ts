import type { InferenceSession } from 'onnxruntime-node'
import { KinmarkError, sentenceOf } from '../error'
import { modelGraph } from '../onnx/model-graph'
import type { Tap } from '../onnx/tap'
import type { ModelConfig } from '../weights/config'
import type { Engine } from './engine'
import type { Feeds } from './feeds'

/** Runs on whichever of the feeds the graph takes: a shallow one needs no edits of deeper layers. */
export type Session = { run(feeds: Feeds): Promise<Readonly<Feeds>> }

type Sessions = {
  /** Works with the session that gives these taps. Works wait for each other, and must not ask for a session inside. */
  use<T>(taps: readonly Tap[], cache: boolean, work: (session: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Sessions are made when they are first needed. All are kept where they share the weights; else one at a time, so that
 * there is never more than one copy of the weights in memory.
 */
export function openSessions(config: ModelConfig, editable: readonly string[], engine: Engine): Sessions {
  const made = new Map<string, InferenceSession>()
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
  const release = async () => {
    const sessions = [...made.values()]
    made.clear()
    for (const session of sessions) await session.release()
  }
  const create = async (taps: readonly Tap[], cache: boolean) => {
    try {
      return await engine.create(modelGraph(config, engine.tensors, { taps, editable, cache }))
    } catch (cause) {
      throw new KinmarkError(`The model could not be loaded on ${engine.backend}: ${sentenceOf(cause)}`, { cause })
    }
  }
  const open = async (taps: readonly Tap[], cache: boolean) => {
    const sorted = [...new Set(taps)].sort()
    const key = `${sorted} ${cache}`
    const found = made.get(key)
    if (found) return found
    if (!engine.weightsShared) await release()
    const session = await create(sorted, cache)
    made.set(key, session)
    return session
  }
  return {
    use: (taps, cache, work) =>
      inTurn(async () => {
        const session = await open(taps, cache)
        return work({
          run: (feeds) => session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]))),
        })
      }),
    close: () => inTurn(release),
  }
}
