import { layerStates } from '../onnx/attention/cache'
import type { ModelConfig } from '../weights/config/config'
import type { Engine } from './engine'
import type { Feeds } from './feeds'
import type { PickRows } from './pick'
import { positionFeeds } from './position-feeds'
import { batchesOf } from './rows'
import type { RunOptions, TokenBatch } from './runtime'
import type { Session } from './sessions'

/**
 * Bytes for the cache of rows that are generated together, and their logits. Every token reads all weights, so that a few
 * rows take almost as long as many.
 */
const cacheBytes = 2 ** 30

export type Generator = {
  engine: Engine
  /** A session with cache and the tap `logits`. */
  session: Session
  config: ModelConfig
  fixed: Feeds
  /** Limit of prompt tokens that run together. */
  tokensPerBatch: number
}

/** Generates token by token with a key-value cache. The cached keys and values stay in the session's tensors. */
export async function generateRows(
  generator: Generator,
  prompts: TokenBatch,
  length: number,
  pick: PickRows,
  { signal, onProgress }: RunOptions,
): Promise<TokenBatch> {
  const { engine, session, config, fixed, tokensPerBatch } = generator
  const ids = new Int32Array(prompts.rows * length).fill(-1)
  const tokens = prompts.length + length
  const inPlace = engine.inPlace && engine.generatePrecision === 'F32' && config.attentionCap === null
  const rowsAtOnce = Math.min(tokensPerBatch / prompts.length, cacheBytes / rowBytes(config, tokens, inPlace))
  const border = factorBorder(config)
  for (const batch of batchesOf(prompts, Math.floor(rowsAtOnce) * prompts.length)) {
    let next: TokenBatch = batch
    const room = inPlace ? keysOf(emptyPast(engine, config, batch.rows, tokens)) : {}
    const into = inPlace ? pastAsPresent(room) : undefined
    const start = () => ({ ...emptyPast(engine, config, batch.rows), ...room })
    let past = start()
    let cached = 0
    for (let step = 0; step < length; step++) {
      signal?.throwIfAborted()
      if (cached > 0 && cached <= border && cached + next.length > border) {
        next = soFar(batch, ids, length, step)
        if (!inPlace) release(past)
        past = start()
        cached = 0
      }
      const outputs = await session.run({ ...fixed, ...past, ...positionFeeds(engine, config, next, cached) }, into)
      if (!inPlace) release(past)
      past = { ...presentAsPast(outputs), ...room }
      cached += next.length
      const logits = outputs.logits.data as Float32Array
      next = { ids: await pick(logits, batch.from, batch.rows), rows: batch.rows, length: 1 }
      for (let row = 0; row < batch.rows; row++) ids[(batch.from + row) * length + step] = next.ids[row]
      if (next.ids.every((id) => id < 0)) break
    }
    if (!inPlace) release(past)
    onProgress?.(batch.from + batch.rows, prompts.rows)
  }
  return { ids, rows: prompts.rows, length }
}

/** Keys and values, without the states of layers that are no attention, which do not grow. */
function keysOf(past: Feeds): Feeds {
  return Object.fromEntries(Object.entries(past).filter(([name]) => /\.(key|value)$/.test(name)))
}

/** Bytes of a row's states and logits; where they do not grow in place, they are there twice during a run. */
function rowBytes(config: ModelConfig, length: number, inPlace: boolean): number {
  const states = config.blocks.flatMap((_, layer) => layerStates(config, layer, 'F32'))
  const numbers = states.map(({ sizes }) => sizes.reduce<number>((a, b) => a * (b === 'tokens' ? length : b), 1))
  return 4 * ((inPlace ? 1 : 2) * numbers.reduce((a, b) => a + b, 0) + config.vocab)
}

/** The row length above which LongRoPE uses other factors for all tokens, so that keys cached before cannot be used. */
export function factorBorder({ ropes }: ModelConfig): number {
  return ropes?.full.scaling.rope_type === 'longrope' ? ropes.full.original : Number.POSITIVE_INFINITY
}

/** The rows of `batch` followed by the first `steps` of their new tokens; `added` has rows of `length`. */
function soFar(batch: TokenBatch & { from: number }, added: Int32Array, length: number, steps: number): TokenBatch {
  const width = batch.length + steps
  const ids = new Int32Array(batch.rows * width)
  for (let row = 0; row < batch.rows; row++) {
    const at = (batch.from + row) * length
    ids.set(batch.ids.subarray(row * batch.length, (row + 1) * batch.length), row * width)
    ids.set(added.subarray(at, at + steps), row * width + batch.length)
  }
  return { ids, rows: batch.rows, length: width }
}

/** States before the first token; keys and values have room for `tokens`. */
export function emptyPast({ Tensor, generatePrecision }: Engine, config: ModelConfig, rows: number, tokens = 0): Feeds {
  const states = config.blocks.flatMap((_, layer) =>
    layerStates(config, layer, generatePrecision).map(({ part, sizes, precision }) => {
      const shape = [rows, ...sizes.map((size) => (size === 'tokens' ? tokens : size))]
      const count = shape.reduce((a, b) => a * b, 1)
      const empty =
        precision === 'F16'
          ? new Tensor('float16', new Uint16Array(count), shape)
          : new Tensor('float32', new Float32Array(count), shape)
      return [`past.${layer}.${part}`, empty] as const
    }),
  )
  return Object.fromEntries(states)
}

/** Onnxruntime does not free tensors on a graphics card automatically. */
function release(past: Feeds): void {
  for (const tensor of Object.values(past)) tensor.dispose()
}

function pastAsPresent(past: Feeds): Feeds {
  return Object.fromEntries(Object.entries(past).map(([name, tensor]) => [name.replace('past', 'present'), tensor]))
}

export function presentAsPast(outputs: Readonly<Feeds>): Feeds {
  const present = Object.entries(outputs).filter(([name]) => name.startsWith('present.'))
  return Object.fromEntries(present.map(([name, tensor]) => [name.replace('present', 'past'), tensor]))
}
