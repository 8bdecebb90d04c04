import type { LlamaConfig } from '../weights/config'
import type { GraphBuilder } from './graph-builder'

/** Mixes the tokens of each row: q, k, v as [n, t, width] → [n, t, heads · headDim]. */
export type Attention = (layer: number, q: string, k: string, v: string) => string

/**
 * Causal grouped-query attention with rotary positions: onnxruntime's one operator for it, alike on every backend.
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention
 */
export function attention(g: GraphBuilder, config: LlamaConfig, cache: boolean): Attention {
  const { heads, kvHeads, headDim } = config
  const lengths = g.input({ name: 'lengths', type: 'I32', shape: ['n'] })
  const total = g.input({ name: 'total', type: 'I32', shape: [] })
  const angles = rotaryAngles(g, config, total)
  const positions = [lengths, total, g.add('Cos', [angles]), g.add('Sin', [angles])]

  return (layer, q, k, v) => {
    const state = (time: 'past' | 'present', part: 'key' | 'value') => ({
      name: `${time}.${layer}.${part}`,
      type: 'F32' as const,
      shape: ['n', kvHeads, `${time} tokens`, headDim],
    })
    const past = cache ? [g.input(state('past', 'key')), g.input(state('past', 'value'))] : ['', '']
    const present = cache ? [state('present', 'key'), state('present', 'value')] : []
    g.graph.outputs.push(...present)
    return g.add(
      'GroupQueryAttention',
      [q, k, v, ...past, ...positions],
      { num_heads: heads, kv_num_heads: kvHeads, do_rotary: 1 },
      { domain: 'com.microsoft', outputs: [`attention.${layer}`, ...present.map(({ name }) => name)] },
    )
  }
}

/** position · theta^(−2i / headDim) for every position so far, [total, headDim / 2]. */
function rotaryAngles(g: GraphBuilder, { headDim, ropeTheta }: LlamaConfig, total: string): string {
  const pairs = headDim / 2
  const frequencies = Float32Array.from({ length: pairs }, (_, i) => ropeTheta ** ((-2 * i) / headDim))
  const raw = new Uint8Array(frequencies.buffer)
  const int = (name: string, value: number) =>
    g.initializer({ name, type: 'I32', shape: [], raw: new Uint8Array(Int32Array.of(value).buffer) })
  const positions = g.add('Cast', [g.add('Range', [int('zero', 0), total, int('one', 1)])], { to: 1 })
  return g.add('Mul', [
    g.add('Unsqueeze', [positions, g.ints(1)]),
    g.initializer({ name: 'rotary frequencies', type: 'F32', shape: [1, pairs], raw }),
  ])
}
