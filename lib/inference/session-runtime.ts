import { KinmarkError } from '../error'
import type { Tap } from '../onnx/graph/tap'
import type { NamedBytes } from '../weights/bytes'
import { downProjOf, isInOut } from '../weights/config/tensor-names'
import type { InspectedWeights } from '../weights/inspect-weights'
import { editFeeds } from './edit-feeds'
import type { Engine } from './engine'
import { generateRows } from './generate'
import type { PickRows } from './pick'
import { positionFeeds } from './position-feeds'
import { readHead } from './read-head'
import { readMatrix } from './read-matrix'
import { type Extended, extendRow, type Row } from './row'
import { assertRows, batchesOf } from './rows'
import type { Matrix, RunOptions, Runtime, RuntimeShape, TokenBatch } from './runtime'
import { openSessions } from './sessions'
import { firstEdited, followFrom, isUsedFrom, keptStates } from './states-below'
import { partOf, tapMatrix } from './tap-matrix'

/** A Runtime whose `pick` may be asynchronous: a page chooses the tokens of a model that runs in a worker. */
export type SessionRuntime = Omit<Runtime, 'generate'> & {
  generate(prompts: TokenBatch, length: number, pick: PickRows, options: RunOptions): Promise<TokenBatch>
  /** Calls run one after another in the order they were made, so that several texts grow in turns. */
  extend(row: Row | null, added: Int32Array): Promise<Extended>
}

type RuntimeSettings = {
  /** Tensors that `run` may replace; without an edit, `run` uses the weights of the file. */
  editable?: readonly string[]
  /** Limit of tokens that run together. */
  tokensPerBatch: number
}

/** Bytes of the residuals below the first edited layer that are in memory for a run. */
const statesBytes = 2 ** 26

/** The Runtime over any engine, for Node and for the browser's worker. */
export function sessionRuntime(
  engine: Engine,
  model: InspectedWeights,
  files: readonly NamedBytes[],
  { editable = [], tokensPerBatch }: RuntimeSettings,
): SessionRuntime {
  const { config, tensors } = model
  const downProj = Array.from({ length: config.layers }, (_, layer) => downProjOf(config, layer).name)
  const shape: RuntimeShape = {
    layers: config.layers,
    hidden: config.hidden,
    ff: config.ff,
    widths: config.blocks.map(({ ff }) => ff),
    vocab: config.vocab,
    maxPositions: config.maxPositions,
    bos: config.bos,
    downProj,
    firstEdited: firstEdited(config, downProj, editable),
  }
  for (const name of editable)
    if (tensors.get(name)?.shape.length !== 2) throw new KinmarkError('inference.not-a-matrix', { tensor: name })
  const sessions = openSessions(config, editable, engine)
  const matrix = (name: string) => readMatrix(files, tensors, name, isInOut(config, name))
  const sizeOf = (name: string) => {
    const [rows, cols] = tensors.get(name)?.shape ?? []
    return isInOut(config, name) ? { rows: cols, cols: rows } : { rows, cols }
  }
  const edited = editFeeds(engine, editable, { sizeOf, read: matrix })
  const { Tensor } = engine
  const edge = engine.mapped ? shape.firstEdited : 0
  const below = keptStates(config.hidden, async (batch) => {
    const tap = `states.${edge}` as const
    const whole = tapMatrix(tap, shape, batch)
    await sessions.use({ taps: [tap], cache: false }, async (session) => {
      for (const part of batchesOf(batch, tokensPerBatch))
        await session.fill(positionFeeds(engine, config, part, 0), new Map([[tap, partOf(whole, part, batch)]]))
    })
    return whole
  })

  return {
    backend: engine.backend,
    weights: engine.weights,
    shape,
    async run<T extends Tap>(batch: TokenBatch, taps: readonly T[], options: RunOptions = {}) {
      assertRows(batch, shape, taps.includes('nll' as T) ? 2 : 1)
      const given = options.states
      const first = given?.layer ?? (followFrom(edge, taps) ? edge : 0)
      const fixed = await edited(options.edits, isUsedFrom(first, downProj))
      const widest = taps.includes('nll' as T) ? Math.floor(2 ** 25 / shape.vocab) : tokensPerBatch
      const out = taps.map((tap): [T, Matrix] => [tap, tapMatrix(tap, shape, batch)])
      const together = first > 0 && !given ? Math.floor(statesBytes / (4 * shape.hidden)) : batch.ids.length
      for (const group of batchesOf(batch, together)) {
        options.signal?.throwIfAborted()
        const states = given ? partOf(given.states, group, batch) : first > 0 ? await below(group) : null
        await sessions.use({ taps, cache: false, first }, async (session) => {
          for (const part of batchesOf(group, Math.min(tokensPerBatch, widest))) {
            options.signal?.throwIfAborted()
            const feeds = { ...fixed, ...positionFeeds(engine, config, part, 0) }
            if (states) {
              const { data, rows, cols } = partOf(states, part, group)
              feeds.states = new Tensor('float32', data, [rows, cols])
            }
            const at = { from: group.from + part.from, rows: part.rows }
            await session.fill(feeds, new Map(out.map(([tap, whole]) => [tap, partOf(whole, at, batch)])))
            options.onProgress?.(at.from + at.rows, batch.rows)
          }
        })
      }
      options.signal?.throwIfAborted()
      return Object.fromEntries(out) as Record<T, Matrix>
    },
    async generate(prompts, length, pick, options) {
      assertRows(prompts, shape, 1, length)
      const fixed = await edited(options.edits)
      return sessions.use({ taps: ['logits'], cache: true }, (session) =>
        generateRows({ engine, session, config, fixed, tokensPerBatch }, prompts, length, pick, options),
      )
    },
    async extend(row, added) {
      assertRows({ ids: added, rows: 1, length: added.length }, shape, 1, row?.ids.length)
      const fixed = await edited(undefined)
      return sessions.use({ taps: ['logits'], cache: true }, (session) =>
        extendRow({ engine, session, config, fixed }, row, added),
      )
    },
    head: () => readHead(files, model),
    tensor(name) {
      if (!editable.includes(name)) throw new KinmarkError('inference.not-editable', { tensor: name })
      return matrix(name)
    },
    close: () => sessions.close(),
  }
}
