import type { Block } from '../../weights/config/blocks'
import type { ModelConfig } from '../../weights/config/config'
import type { GraphBuilder } from '../graph/graph-builder'
import { attentionPrecision, type Precision } from '../graph/precision'

/** Head dimension in attention and its cache: padded with zeros to a multiple of 8, as the operator requires. */
export function cachedHeadDim(
  { headDim }: Pick<Block, 'headDim'>,
  { attentionCap }: Pick<ModelConfig, 'attentionCap'>,
): number {
  return attentionCap === null ? Math.ceil(headDim / 8) * 8 : headDim
}

/** Names of the cache in a graph: `{past}.{layer}.key` and `{present}.{layer}.key`, and so on for each state. */
export type CacheNames = { past: string; present: string; rows: string; tokens: { past: string; present: string } }

/** What a layer keeps of earlier tokens: keys and values, or the states of its recurrence. */
type State = {
  part: 'key' | 'value' | 'conv' | 'recurrent'
  /** Sizes after the number of rows; `tokens` grows with the row. */
  sizes: readonly (number | 'tokens')[]
  precision: Precision
}

/** The states of a layer when blocks compute in `precision`; none if it attends to another layer's keys. */
export function layerStates(config: ModelConfig, layer: number, precision: Precision): State[] {
  const { blocks, hidden, delta, mamba, shortConv } = config
  const block = blocks[layer]
  const conv = (channels: number, kernel: number): State => {
    return { part: 'conv', sizes: [channels, kernel - 1], precision: 'F32' }
  }
  if (block.mixer === 'shortConv') return [conv(hidden, shortConv?.kernel ?? 1)]
  if (delta && block.mixer === 'delta') {
    const { keyHeads, valueHeads, keyDim, valueDim, kernel } = delta
    const sizes = [valueHeads, keyDim, valueDim]
    return [conv(2 * keyHeads * keyDim + valueHeads * valueDim, kernel), { part: 'recurrent', sizes, precision: 'F32' }]
  }
  if (mamba && block.mixer === 'mamba') {
    const { heads, headDim, groups, state, kernel } = mamba
    const sizes = [heads, state, headDim]
    return [conv(heads * headDim + 2 * groups * state, kernel), { part: 'recurrent', sizes, precision: 'F32' }]
  }
  if (block.keysOf !== null) return []
  return (['key', 'value'] as const).map((part) => ({
    part,
    sizes: [block.kvHeads, 'tokens', cachedHeadDim(block, config)],
    precision: attentionPrecision(config, precision),
  }))
}

/** Names of the inputs (`past`) or outputs (`present`) of the cache in the graph of `modelGraph`. */
export function stateNames(config: ModelConfig, time: 'past' | 'present'): string[] {
  return config.blocks.flatMap((_, layer) =>
    layerStates(config, layer, 'F32').map(({ part }) => `${time}.${layer}.${part}`),
  )
}

type CachedStates = Partial<Record<State['part'], { past: string; present: string }>>

/** Declares a layer's states after earlier tokens as inputs, and those after the new tokens as outputs. */
export function cachedStates(
  g: GraphBuilder,
  config: ModelConfig,
  names: CacheNames,
  layer: number,
  precision: Precision,
): CachedStates {
  const declared = layerStates(config, layer, precision).map(({ part, sizes, precision: type }) => {
    const info = (time: 'past' | 'present') => ({
      name: `${names[time]}.${layer}.${part}`,
      type,
      shape: [names.rows, ...sizes.map((size) => (size === 'tokens' ? names.tokens[time] : size))],
    })
    const present = info('present')
    g.graph.outputs.push(present)
    return [part, { past: g.input(info('past')), present: present.name }] as const
  })
  return Object.fromEntries(declared)
}
