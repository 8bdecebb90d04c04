import type { ModelConfig } from '../../weights/config/config'
import { familyRow } from '../../weights/config/tensor-names'
import type { GraphBuilder } from '../graph/graph-builder'
import { attentionPrecision, type Precision } from '../graph/precision'
import type { Positions } from '../rope/positions'
import type { LayerRopeTables, RopeTables } from '../rope/rotary'
import type { Attention } from './attend'
import type { CacheNames } from './cache'
import { cappedAttention } from './capped-attention'
import { groupedAttention } from './grouped-attention'

/** Causal grouped-query attention, with rotary positions if the model has them. */
export function attention(
  g: GraphBuilder,
  config: ModelConfig,
  positions: Positions,
  layerRopeTables: LayerRopeTables,
  cache: CacheNames | null,
  precision: Precision,
): Attention {
  const { heads, blocks, queryGrowth } = config
  const { neighbours } = familyRow(config)
  const mixPrecision = attentionPrecision(config, precision)
  const mix =
    config.attentionCap === null
      ? groupedAttention(g, config, positions, cache, mixPrecision)
      : cappedAttention(g, config, positions, cache)
  const toMix = (x: string) => (mixPrecision === precision ? x : g.cast(x, mixPrecision))
  const fromMix = (x: string) => (mixPrecision === precision ? x : g.cast(x, precision))
  const growth = queryGrowth ? g.cast(growthOf(g, positions, queryGrowth), mixPrecision) : null
  const rotated = (x: string, num_heads: number, headDim: number, tables: RopeTables) => {
    const rotary_embedding_dim = tables.dim < headDim ? tables.dim : 0
    const attributes = { num_heads, rotary_embedding_dim, ...(neighbours ? { interleaved: 1 } : {}) }
    return g.add('RotaryEmbedding', [x, g.ints(0), tables.cos, tables.sin], attributes, { domain: 'com.microsoft' })
  }
  return {
    placed(layer, part, x) {
      const { rope, headDim, kvHeads } = blocks[layer]
      const tables = rope && layerRopeTables?.[rope]
      const mixed = toMix(x)
      const turned = tables ? rotated(mixed, part === 'q' ? heads : kvHeads, headDim, tables) : mixed
      return growth && part === 'q' ? g.add('Mul', [turned, growth]) : turned
    },
    attend: (layer, q, k, v, sinks) => fromMix(mix(layer, q, k, v && toMix(v), sinks)),
  }
}

/** [t, 1]: 1 + beta · log(1 + ⌊position / original⌋). */
function growthOf(
  g: GraphBuilder,
  { indices }: Positions,
  { beta, original }: NonNullable<ModelConfig['queryGrowth']>,
): string {
  const laps = g.cast(g.add('Div', [indices, g.int32(original)]), 'F32')
  const log = g.add('Log', [g.add('Add', [laps, g.floats([1], [])])])
  const factors = g.add('Add', [g.add('Mul', [log, g.floats([beta], [])]), g.floats([1], [])])
  return g.add('Unsqueeze', [factors, g.ints(1)])
}
