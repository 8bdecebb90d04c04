import type { InferenceSession } from 'onnxruntime-node'
import { KinmarkError, messageOf } from '../error'
import { stateNames } from '../onnx/attention/cache'
import type { Tap } from '../onnx/graph/tap'
import { modelGraph } from '../onnx/model-graph'
import type { ModelConfig } from '../weights/config/config'
import type { Engine } from './engine'
import type { Feeds } from './feeds'
import type { Matrix } from './runtime'

/** A graph that is ready to run. Feeds that it has no input for are ignored. */
export type Session = {
  run(feeds: Feeds): Promise<Readonly<Feeds>>
  /** Writes the outputs of these names into the given matrices. */
  fill(feeds: Feeds, outputs: ReadonlyMap<string, Matrix>): Promise<void>
}

type Sessions = {
  /** Calls `task` with a session for these taps. Tasks run one after another; a task must not call `use` itself. */
  use<T>(taps: readonly Tap[], cache: boolean, task: (session: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Creates a session when it is first needed and releases the previous one, so that the weights are in memory once. */
export function openSessions(config: ModelConfig, editable: readonly string[], engine: Engine): Sessions {
  let current: { key: string; session: InferenceSession } | null = null
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const turn = last.then(task)
    last = turn.catch(() => undefined)
    return turn
  }
  const release = async () => {
    const released = current
    current = null
    await released?.session.release()
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
      if (cause instanceof KinmarkError) throw cause
      const { backend } = engine
      throw new KinmarkError('inference.load-failed', { backend, reason: messageOf(cause) }, { cause })
    }
  }
  const open = async (taps: readonly Tap[], cache: boolean) => {
    const sorted = [...new Set(taps)].sort()
    const key = `${sorted} ${cache}`
    if (current?.key === key) return current.session
    await release()
    const session = await create(sorted, cache)
    current = { key, session }
    return session
  }
  return {
    use: (taps, cache, task) =>
      inTurn(async () => {
        const session = await open(taps, cache)
        const inputs = (feeds: Feeds) => Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]))
        return task({
          run: (feeds) => session.run(inputs(feeds)),
          fill: (feeds, outputs) => engine.fill(session, inputs(feeds), outputs),
        })
      }),
    close: () => inTurn(release),
  }
}
