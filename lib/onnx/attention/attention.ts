import type { ModelConfig } from '../../weights/config/config'
import type { GraphBuilder } from '../graph/graph-builder'
import { attentionPrecision, type Precision } from '../graph/precision'
import type { Positions } from '../rope/positions'
import type { LayerRopeTables, RopeTables } from '../rope/rotary'
import type { Attend } from './attend'
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
): Attend {
  const { heads, kvHeads, headDim, windows } = config
  const mixPrecision = attentionPrecision(config, precision)
  const mix =
    config.attentionCap === null
      ? groupedAttention(g, config, positions, cache, mixPrecision)
      : cappedAttention(g, config, positions, cache)
  const toMix = (x: string) => (mixPrecision === precision ? x : g.cast(x, mixPrecision))
  const fromMix = (x: string) => (mixPrecision === precision ? x : g.cast(x, precision))
  const rotated = (x: string, count: number, tables: RopeTables | undefined) => {
    if (!tables) return x
    const rotary_embedding_dim = tables.dim < headDim ? tables.dim : 0
    const inputs = [x, g.ints(0), tables.cos, tables.sin]
    return g.add('RotaryEmbedding', inputs, { num_heads: count, rotary_embedding_dim }, { domain: 'com.microsoft' })
  }
  return (layer, q, k, v) => {
    const tables = layerRopeTables?.[windows[layer] === null ? 'full' : 'windowed']
    return fromMix(mix(layer, rotated(toMix(q), heads, tables), rotated(toMix(k), kvHeads, tables), toMix(v)))
  }
}
