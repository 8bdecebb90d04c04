import type { ModelConfig } from '../../weights/config/config'
import type { GraphBuilder } from '../graph/graph-builder'
import type { Precision } from '../graph/precision'
import type { Positions } from '../rope/positions'
import type { Attend } from './attend'
import { type CacheNames, cachedHeadDim, cachedStates } from './cache'

/** Keys and values for other layers that share them; the operator appends them to the past again. */
type Kept = { inputs: readonly string[]; past: readonly string[]; present: readonly string[] }

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
  const { heads, blocks } = config
  const kept = new Map<number, Kept>()
  const reshape = (x: string, ...shape: number[]) => g.add('Reshape', [x, g.ints(0, 0, ...shape)])
  const padHeads = (x: string, count: number, headDim: number, size: number) => {
    if (size === headDim) return x
    const pads = g.ints(0, 0, 0, 0, 0, 0, 0, size - headDim)
    return reshape(g.add('Pad', [reshape(x, count, headDim), pads]), count * size)
  }
  const unpadHeads = (x: string, headDim: number, size: number) => {
    if (size === headDim) return x
    const unpadded = g.add('Slice', [reshape(x, heads, size), g.ints(0), g.ints(headDim), g.ints(3)])
    return reshape(unpadded, heads * headDim)
  }

  const ownKeys = (layer: number, k: string, v: string): Kept => {
    const { kvHeads, headDim } = blocks[layer]
    const size = cachedHeadDim(blocks[layer], config)
    const { key, value } = cache ? cachedStates(g, config, cache, layer, precision) : {}
    return {
      inputs: [padHeads(k, kvHeads, headDim, size), padHeads(v, kvHeads, headDim, size)],
      past: [key?.past ?? '', value?.past ?? ''],
      present: key && value ? [key.present, value.present] : [],
    }
  }

  return (layer, q, k, v, sinks) => {
    const { kvHeads, headDim, window, keysOf } = blocks[layer]
    const size = cachedHeadDim(blocks[layer], config)
    const shared = keysOf === null ? undefined : kept.get(keysOf)
    const { inputs, past, present } = shared ?? ownKeys(layer, k as string, v as string)
    kept.set(layer, { inputs, past, present })
    const attended = g.add(
      'GroupQueryAttention',
      [
        padHeads(q, heads, headDim, size),
        ...inputs,
        ...past,
        lengths,
        total,
        ...(sinks ? ['', '', '', '', sinks] : []),
      ],
      {
        num_heads: heads,
        kv_num_heads: kvHeads,
        scale: { float: config.attentionScale },
        ...(window === null ? {} : { local_window_size: window }),
      },
      {
        domain: 'com.microsoft',
        outputs: [`attention.${layer}`, ...(shared ? present.map((_, i) => `unused.${layer}.${i}`) : present)],
      },
    )
    return unpadHeads(attended, headDim, size)
  }
}
