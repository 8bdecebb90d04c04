import type { Tensor } from 'onnxruntime-node'
import { layerStates } from '../onnx/attention/cache'
import type { ModelConfig } from '../weights/config/config'
import type { Feeds } from './feeds'
import { emptyPast, factorBorder, type Generator, presentAsPast } from './generate'
import { positionFeeds } from './position-feeds'

/**
 * A text's tokens with the keys and values computed of them. Nothing changes a row, so that texts may share their
 * beginning. Its tensors are in main memory and freed by garbage collection.
 */
export type Row = {
  readonly ids: Int32Array
  readonly past: Readonly<Feeds>
}

export type Extended = {
  row: Row
  /** [vocab], after the last token. */
  logits: Float32Array
}

/** The row followed by `added`, at least one token; null stands for an empty row. */
export async function extendRow(
  { engine, session, config, fixed }: Omit<Generator, 'tokensPerBatch'>,
  row: Row | null,
  added: Int32Array,
): Promise<Extended> {
  const ids = new Int32Array((row?.ids.length ?? 0) + added.length)
  ids.set(row?.ids ?? [])
  ids.set(added, ids.length - added.length)
  const border = factorBorder(config)
  const kept = row && !(row.ids.length <= border && ids.length > border) ? row : null
  const cached = kept?.ids.length ?? 0
  const batch = { ids: ids.slice(cached), rows: 1, length: ids.length - cached }
  const past = kept?.past ?? emptyPast(engine, config, 1)
  const outputs = await session.run({ ...fixed, ...past, ...positionFeeds(engine, config, batch, cached) })
  return { row: { ids, past: presentAsPast(outputs) }, logits: outputs.logits.data as Float32Array }
}

/** Whether a row's keys stay the same when it grows: not where the rotary factors follow from its length. */
export function keepsKeys({ ropes }: Pick<ModelConfig, 'ropes'>): boolean {
  return !Object.values(ropes ?? {}).some(({ scaling }) => ['dynamic', 'longrope'].includes(scaling.rope_type))
}

/** Whether the beginning of a row can be taken from it: not for recurrent layers, whose states are those after all tokens. */
export function canCut(config: ModelConfig): boolean {
  const states = config.blocks.flatMap((_, layer) => layerStates(config, layer, 'F32'))
  return states.every(({ sizes }) => sizes.includes('tokens'))
}

/** The first `length` tokens of a row; null where that cannot be taken from it. */
export function cutRow({ ids, past }: Row, length: number, config: ModelConfig): Row | null {
  if (length === ids.length) return { ids, past }
  if (!canCut(config)) return null
  return {
    ids: ids.slice(0, length),
    past: Object.fromEntries(Object.entries(past).map(([name, tensor]) => [name, firstTokens(tensor, length)])),
  }
}

/** A copy of the first tokens of keys or values, [1, heads, tokens, width]. */
function firstTokens(tensor: Tensor, length: number): Tensor {
  const [rows, heads, tokens, width] = tensor.dims
  const data = tensor.data as Float32Array
  const out = new Float32Array(rows * heads * length * width)
  for (let head = 0; head < rows * heads; head++) {
    const from = head * tokens * width
    out.set(data.subarray(from, from + length * width), head * length * width)
  }
  const Tensor = tensor.constructor as new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor
  return new Tensor('float32', out, [rows, heads, length, width])
}

/** Bytes of the states that a row keeps. */
export function bytesOf({ past }: Row): number {
  return Object.values(past).reduce((sum, { data }) => sum + (data as Float32Array).byteLength, 0)
}
