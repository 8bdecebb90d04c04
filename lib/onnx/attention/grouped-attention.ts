import type { ModelConfig } from '../../weights/config/config'
import type { GraphBuilder } from '../graph/graph-builder'
import type { Precision } from '../graph/precision'
import type { Positions } from '../rope/positions'
import type { Attend } from './attend'
import { type CacheNames, cachedHeadDim, cachedStates } from './cache'

/**
 * Attention by the GroupQueryAttention operator, which all backends have. Its built-in rotation is not used, because it
 * supports only some head sizes and no norm before it.
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention
 */
export function groupedAttention(
  g: GraphBuilder,
  config: ModelConfig,
  { lengths, total }: Positions,
  cache: CacheNames | null,
  precision: Precision,
): Attend {
  const { heads, kvHeads, headDim, windows } = config
  const size = cachedHeadDim(config)
  const reshape = (x: string, ...shape: number[]) => g.add('Reshape', [x, g.ints(0, 0, ...shape)])
  const padHeads = (x: string, count: number) => {
    if (size === headDim) return x
    const pads = g.ints(0, 0, 0, 0, 0, 0, 0, size - headDim)
    return reshape(g.add('Pad', [reshape(x, count, headDim), pads]), count * size)
  }
  const unpadHeads = (x: string) => {
    if (size === headDim) return x
    const unpadded = g.add('Slice', [reshape(x, heads, size), g.ints(0), g.ints(headDim), g.ints(3)])
    return reshape(unpadded, heads * headDim)
  }

  return (layer, q, k, v) => {
    const states = cache ? cachedStates(g, config, cache, layer, precision) : null
    const past = states ? [states.past.key, states.past.value] : ['', '']
    const present = states ? [states.present.key, states.present.value] : []
    const window = windows[layer]
    const attended = g.add(
      'GroupQueryAttention',
      [padHeads(q, heads), padHeads(k, kvHeads), padHeads(v, kvHeads), ...past, lengths, total],
      {
        num_heads: heads,
        kv_num_heads: kvHeads,
        scale: { float: config.attentionScale },
        ...(window === null ? {} : { local_window_size: window }),
      },
      { domain: 'com.microsoft', outputs: [`attention.${layer}`, ...present] },
    )
    return unpadHeads(attended)
  }
}
