import type { InferenceSession } from 'onnxruntime-node'
import { LegacyError, messageOf } from '../error'
import { stateNames } from '../onnx/attention/cache'
import type { Tap } from '../onnx/graph/tap'
import { modelGraph } from '../onnx/model-graph'
import type { ModelConfig } from '../weights/config/config'
import type { Engine } from './engine'
import type { Feeds } from './feeds'
import type { Matrix } from './runtime'

/** Runs on whichever of the feeds the graph takes: a shallow one needs no edits of deeper layers. */
export type Session = {
  run(feeds: Feeds): Promise<Readonly<Feeds>>
  /** Puts the outputs of these names where they are wanted. */
  fill(feeds: Feeds, wanted: ReadonlyMap<string, Matrix>): Promise<void>
}

type Sessions = {
  /** Works with the session that gives these taps. Works wait for each other, and must not ask for a session inside. */
  use<T>(taps: readonly Tap[], cache: boolean, work: (session: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** A session is made when it is first needed and the one before it given up, so that the weights are in memory once. */
export function openSessions(config: ModelConfig, editable: readonly string[], engine: Engine): Sessions {
  let made: { key: string; session: InferenceSession } | null = null
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
  const release = async () => {
    const before = made
    made = null
    await before?.session.release()
  }
  const create = async (taps: readonly Tap[], cache: boolean) => {
    try {
      const graph = modelGraph(config, engine.tensors, {
        ...{ taps, editable, cache },
        precision: cache ? engine.generatePrecision : 'F32',
        held: engine.weights === 'F16' ? 'F16' : null,
      })
      return await engine.create(graph, cache ? stateNames(config, 'present') : [])
    } catch (cause) {
      throw new LegacyError(`The model could not be loaded on ${engine.backend}: ${messageOf(cause)}`, { cause })
    }
  }
  const open = async (taps: readonly Tap[], cache: boolean) => {
    const sorted = [...new Set(taps)].sort()
    const key = `${sorted} ${cache}`
    if (made?.key === key) return made.session
    await release()
    const session = await create(sorted, cache)
    made = { key, session }
    return session
  }
  return {
    use: (taps, cache, work) =>
      inTurn(async () => {
        const session = await open(taps, cache)
        const taken = (feeds: Feeds) => Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]))
        return work({
          run: (feeds) => session.run(taken(feeds)),
          fill: (feeds, wanted) => engine.fill(session, taken(feeds), wanted),
        })
      }),
    close: () => inTurn(release),
  }
}
