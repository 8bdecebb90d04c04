import type { InferenceSession } from 'onnxruntime-node'
import { KinmarkError, messageOf } from '../error'
import { stateNames } from '../onnx/attention/cache'
import type { GraphOptions } from '../onnx/graph/graph-options'
import { modelGraph } from '../onnx/model-graph'
import type { ModelConfig } from '../weights/config/config'
import type { Engine } from './engine'
import type { Feeds } from './feeds'
import type { Matrix } from './runtime'

/** A graph that is ready to run. Feeds that it has no input for are ignored. */
export type Session = {
  /** Outputs of the names in `into` are written into its tensors. */
  run(feeds: Feeds, into?: Readonly<Feeds>): Promise<Readonly<Feeds>>
  /** Writes the outputs of these names into the given matrices. */
  fill(feeds: Feeds, outputs: ReadonlyMap<string, Matrix>): Promise<void>
}

type Graph = Pick<GraphOptions, 'taps' | 'cache' | 'first'>

type Sessions = {
  /** Calls `task` with a session for this graph. Tasks run one after another; a task must not call `use` itself. */
  use<T>(graph: Graph, task: (session: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Creates a session when it is first needed and releases the previous one, so that the weights are in memory once. The
 * graph of the layers below the first edited one has a place of its own, beside that of the layers above.
 */
export function openSessions(config: ModelConfig, editable: readonly string[], engine: Engine): Sessions {
  const current = new Map<'below' | 'other', { key: string; session: InferenceSession }>()
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const turn = last.then(task)
    last = turn.catch(() => undefined)
    return turn
  }
  const release = async (place: 'below' | 'other') => {
    const released = current.get(place)
    current.delete(place)
    await released?.session.release()
  }
  const create = async ({ taps, cache, first }: Graph) => {
    try {
      const graph = modelGraph(config, engine.tensors, {
        ...{ taps, editable, cache, first },
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
  const open = async ({ taps, cache, first = 0 }: Graph) => {
    const sorted = [...new Set(taps)].sort()
    const place = sorted.some((tap) => tap.startsWith('states.')) ? 'below' : 'other'
    const key = `${sorted} ${cache} ${first}`
    const opened = current.get(place)
    if (opened?.key === key) return opened.session
    await release(place)
    const session = await create({ taps: sorted, cache, first })
    current.set(place, { key, session })
    return session
  }
  return {
    use: (graph, task) =>
      inTurn(async () => {
        const session = await open(graph)
        const inputs = (feeds: Feeds) => Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]))
        return task({
          run(feeds, into) {
            if (!into) return session.run(inputs(feeds))
            return session.run(
              inputs(feeds),
              Object.fromEntries(session.outputNames.map((name) => [name, into[name] ?? null])),
            )
          },
          fill: (feeds, outputs) => engine.fill(session, inputs(feeds), outputs),
        })
      }),
    close: () =>
      inTurn(async () => {
        await release('below')
        await release('other')
      }),
  }
}
