import type { ModelConfig } from '../../weights/config/config'
import type { GraphBuilder } from '../graph/graph-builder'
import type { Positions } from '../rope/positions'
import type { Attend } from './attend'
import { type CacheNames, cachedStates } from './cache'

/** Attention with capped scores, in basic operators: onnxruntime's GroupQueryAttention ignores the cap on WebGPU. */
export function cappedAttention(
  g: GraphBuilder,
  config: ModelConfig,
  { total, indices }: Positions,
  cache: CacheNames | null,
): Attend {
  const { heads, blocks, attentionScale, attentionCap } = config
  const cap = attentionCap ?? 1
  const shape = (x: string, ...to: number[]) => g.add('Reshape', [x, g.ints(...to)])
  const times = (x: string, factor: number) => g.add('Mul', [x, g.floats([factor], [])])
  const byHead = (x: string, count: number, headDim: number) =>
    g.add('Transpose', [shape(x, 0, 0, count, headDim)], { perm: [0, 2, 1, 3] })
  const masks = new Map<number | null, string>()
  const maskOf = (window: number | null) => {
    const mask = masks.get(window) ?? causalMask(g, { total, indices }, window)
    masks.set(window, mask)
    return mask
  }
  const kept = new Map<number, [keys: string, values: string]>()
  const ownKeys = (layer: number, k: string, v: string): [string, string] => {
    const { kvHeads, headDim } = blocks[layer]
    const [keys, values] = [byHead(k, kvHeads, headDim), byHead(v, kvHeads, headDim)]
    const { key, value } = cache ? cachedStates(g, config, cache, layer, 'F32') : {}
    if (!key || !value) return [keys, values]
    return [
      g.add('Concat', [key.past, keys], { axis: 2 }, { outputs: [key.present] }),
      g.add('Concat', [value.past, values], { axis: 2 }, { outputs: [value.present] }),
    ]
  }

  return (layer, q, k, v) => {
    const { kvHeads, headDim, window, keysOf } = blocks[layer]
    const [keys, values] = kept.get(keysOf ?? -1) ?? ownKeys(layer, k as string, v as string)
    kept.set(layer, [keys, values])
    /** Queries that share keys are stacked: [n, kvHeads, heads / kvHeads · t, headDim]. */
    const queries = shape(byHead(q, heads, headDim), 0, kvHeads, -1, headDim)
    const dots = g.add('MatMul', [queries, g.add('Transpose', [keys], { perm: [0, 1, 3, 2] })])
    const capped = times(g.add('Tanh', [times(dots, attentionScale / cap)]), cap)
    const tokens = g.add('Shape', [q], { start: 1, end: 2 })
    const keyCount = g.add('Shape', [keys], { start: 2, end: 3 })
    const perHead = g.add('Reshape', [capped, g.add('Concat', [g.ints(0, heads), tokens, keyCount], { axis: 0 })])
    const shares = g.add('Softmax', [g.add('Add', [perHead, maskOf(window)])], { axis: -1 })
    const grouped = g.add('Reshape', [shares, g.add('Concat', [g.ints(0, kvHeads, -1), keyCount], { axis: 0 })])
    const mixed = g.add('MatMul', [grouped, values])
    const byHeads = g.add('Reshape', [mixed, g.add('Concat', [g.ints(0, heads), tokens, g.ints(headDim)], { axis: 0 })])
    return shape(g.add('Transpose', [byHeads], { perm: [0, 2, 1, 3] }), 0, 0, heads * headDim)
  }
}

/** [t, total]: 0 for tokens that are attended to, else a number below every score. */
function causalMask(
  g: GraphBuilder,
  { total, indices }: Pick<Positions, 'total' | 'indices'>,
  window: number | null,
): string {
  const from = g.add('Unsqueeze', [indices, g.ints(1)])
  const to = g.add('Range', [g.int32(0), total, g.int32(1)])
  const ahead = g.add('Greater', [to, from])
  const masked = (where: string, rest: string) => g.add('Where', [where, g.floats([-1e30], []), rest])
  const causal = masked(ahead, g.floats([0], []))
  if (window === null) return causal
  return masked(g.add('LessOrEqual', [to, g.add('Sub', [from, g.int32(window)])]), causal)
}
