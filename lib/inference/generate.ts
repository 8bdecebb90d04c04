import { cachedHeadDim } from '../onnx/attention'
import type { ModelConfig } from '../weights/config'
import type { Engine } from './engine'
import { type Feeds, positionFeeds } from './feeds'
import type { PickRows } from './pick'
import { batchesOf } from './rows'
import type { RunOptions, TokenBatch } from './runtime'
import type { Session } from './sessions'

type Generator = {
  engine: Engine
  /** Of a graph with cache and the tap `logits`. */
  session: Session
  config: ModelConfig
  fixed: Feeds
  /** A cached token costs less than one that is computed: four times as many are held at once. */
  tokensPerBatch: number
}

/** Token by token with a key-value cache; the cached keys and values never leave the session's tensors. */
export async function generateRows(
  generator: Generator,
  prompts: TokenBatch,
  length: number,
  pick: PickRows,
  { signal, onProgress }: RunOptions,
): Promise<TokenBatch> {
  const { engine, session, config, fixed, tokensPerBatch } = generator
  const ids = new Int32Array(prompts.rows * length)
  const rowsAtOnce = Math.max(1, Math.floor((4 * tokensPerBatch) / (prompts.length + length)))
  for (const batch of batchesOf(prompts, rowsAtOnce * prompts.length)) {
    let next: TokenBatch = batch
    let past = emptyPast(engine, config, batch.rows)
    let seen = 0
    for (let step = 0; step < length; step++) {
      signal?.throwIfAborted()
      const outputs = await session.run({ ...fixed, ...past, ...positionFeeds(engine, next, seen) })
      seen += next.length
      const logits = outputs.logits.data as Float32Array
      next = { ids: await pick(logits, batch.from, batch.rows), rows: batch.rows, length: 1 }
      for (let row = 0; row < batch.rows; row++) ids[(batch.from + row) * length + step] = next.ids[row]
      past = presentAsPast(outputs)
    }
    onProgress?.(batch.from + batch.rows, prompts.rows)
  }
  return { ids, rows: prompts.rows, length }
}

function emptyPast({ Tensor }: Engine, config: ModelConfig, rows: number): Feeds {
  const { layers, kvHeads } = config
  const past: Feeds = {}
  for (let layer = 0; layer < layers; layer++)
    for (const part of ['key', 'value'])
      past[`past.${layer}.${part}`] = new Tensor('float32', new Float32Array(0), [
        rows,
        kvHeads,
        0,
        cachedHeadDim(config),
      ])
  return past
}

function presentAsPast(outputs: Readonly<Feeds>): Feeds {
  const present = Object.entries(outputs).filter(([name]) => name.startsWith('present.'))
  return Object.fromEntries(present.map(([name, tensor]) => [name.replace('present', 'past'), tensor]))
}
