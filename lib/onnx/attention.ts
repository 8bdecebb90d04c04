import type { ModelConfig } from '../weights/config'
import type { CacheNames } from './cache'
import { cappedAttention } from './capped-attention'
import type { GraphBuilder } from './graph-builder'
import { groupedAttention } from './grouped-attention'
import type { Positions } from './positions'
import type { LayerTurns, Turns } from './rotary'

/** Mixes the tokens of each row: q, k, v as [n, t, width] → [n, t, heads · headDim]. */
export type Attention = (layer: number, q: string, k: string, v: string) => string

/** Causal grouped-query attention behind rotary positions, if the model has them. */
export function attention(
  g: GraphBuilder,
  config: ModelConfig,
  positions: Positions,
  layerTurns: LayerTurns,
  cache: CacheNames | null,
): Attention {
  const { heads, kvHeads, headDim, windows } = config
  const mix = (config.attentionCap === null ? groupedAttention : cappedAttention)(g, config, positions, cache)
  const turned = (x: string, count: number, turns: Turns | undefined) => {
    if (!turns) return x
    const rotary_embedding_dim = turns.dim < headDim ? turns.dim : 0
    const inputs = [x, g.ints(0), turns.cos, turns.sin]
    return g.add('RotaryEmbedding', inputs, { num_heads: count, rotary_embedding_dim }, { domain: 'com.microsoft' })
  }
  return (layer, q, k, v) => {
    const turns = layerTurns?.[windows[layer] === null ? 'full' : 'windowed']
    return mix(layer, turned(q, heads, turns), turned(k, kvHeads, turns), v)
  }
}
