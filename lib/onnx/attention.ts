import type { ModelConfig } from '../weights/config'
import type { GraphBuilder } from './graph-builder'
import type { Positions } from './positions'
import { rotaryTurns, type Turns } from './rotary'

/** Mixes the tokens of each row: q, k, v as [n, t, width] → [n, t, heads · headDim]. */
export type Attention = (layer: number, q: string, k: string, v: string) => string

/** Heads as attention and its cache hold them: filled up with zeros to the operator's multiple of 8. */
export function cachedHeadDim({ headDim }: Pick<ModelConfig, 'headDim'>): number {
  return Math.ceil(headDim / 8) * 8
}

/**
 * Causal grouped-query attention: onnxruntime's one operator for it, alike on every backend. Positions are turned in
 * before it, because its own rotation takes only some sizes of heads.
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention
 */
export function attention(
  g: GraphBuilder,
  config: ModelConfig,
  { lengths, total, positions }: Positions,
  cache: boolean,
): Attention {
  const { heads, kvHeads, headDim, ropes, windows, attentionScale, attentionCap } = config
  const full = ropes && rotaryTurns(g, ropes.full, positions, total)
  const windowed = ropes && (ropes.windowed === ropes.full ? full : rotaryTurns(g, ropes.windowed, positions, total))
  const microsoft = { domain: 'com.microsoft' }
  const turned = (x: string, count: number, turns: Turns | null) => {
    if (!turns) return x
    const rotary_embedding_dim = turns.dim < headDim ? turns.dim : 0
    return g.add(
      'RotaryEmbedding',
      [x, g.ints(0), turns.cos, turns.sin],
      { num_heads: count, rotary_embedding_dim },
      microsoft,
    )
  }

  const size = cachedHeadDim(config)
  const filled = (x: string, count: number) => {
    if (size === headDim) return x
    const heads = g.add('Reshape', [x, g.ints(0, 0, count, headDim)])
    const wider = g.add('Pad', [heads, g.ints(0, 0, 0, 0, 0, 0, 0, size - headDim)])
    return g.add('Reshape', [wider, g.ints(0, 0, count * size)])
  }
  const emptied = (x: string) => {
    if (size === headDim) return x
    const wider = g.add('Reshape', [x, g.ints(0, 0, heads, size)])
    const own = g.add('Slice', [wider, g.ints(0), g.ints(headDim), g.ints(3)])
    return g.add('Reshape', [own, g.ints(0, 0, heads * headDim)])
  }

  return (layer, q, k, v) => {
    const window = windows[layer]
    const turns = window === null ? full : windowed
    const state = (time: 'past' | 'present', part: 'key' | 'value') => ({
      name: `${time}.${layer}.${part}`,
      type: 'F32' as const,
      shape: ['n', kvHeads, `${time} tokens`, size],
    })
    const past = cache ? [g.input(state('past', 'key')), g.input(state('past', 'value'))] : ['', '']
    const present = cache ? [state('present', 'key'), state('present', 'value')] : []
    g.graph.outputs.push(...present)
    const attended = g.add(
      'GroupQueryAttention',
      [
        filled(turned(q, heads, turns), heads),
        filled(turned(k, kvHeads, turns), kvHeads),
        filled(v, kvHeads),
        ...past,
        lengths,
        total,
      ],
      {
        num_heads: heads,
        kv_num_heads: kvHeads,
        scale: { float: attentionScale },
        ...(window === null ? {} : { local_window_size: window }),
        ...(attentionCap === null ? {} : { softcap: { float: attentionCap } }),
      },
      { ...microsoft, outputs: [`attention.${layer}`, ...present.map(({ name }) => name)] },
    )
    return emptied(attended)
  }
}
