import { partName } from '../../weights/config/tensor-names'
import type { GraphContext } from '../graph/graph-context'
import { convolved, type MixerStates, softplus } from './convolution'

/**
 * Mamba-2 of y [n · t, hidden], as linear attention with a decay. Returns [n · t, width] before the output's matrix, and
 * the width. https://arxiv.org/abs/2405.21060
 */
export function mamba(ctx: GraphContext, states: MixerStates, layer: number, y: string): [string, number] {
  const { g, config, weight, part, perRow, flat, norm, fromBlock, intoBlock } = ctx
  if (!config.mamba) throw new TypeError('mamba')
  const { heads, headDim, groups, state, convBiased, limits } = config.mamba
  const [inner, shared] = [heads * headDim, groups * state]
  const channels = inner + 2 * shared
  const name = (which: 'mambaConv' | 'mambaLogDecay' | 'mambaTimeBias' | 'mambaSkip' | 'mambaNorm') =>
    partName(config, layer, which) as string
  const split = (value: string, names: readonly string[], sizes: readonly number[]) => {
    const outputs = names.map((which) => `mamba.${which}.${layer}`)
    g.add('Split', [value, g.ints(...sizes)], { axis: 1 }, { outputs })
    return outputs
  }

  const all = fromBlock(part(layer, 'mambaIn', y) as string)
  const [gate, unconvolved, steps] = split(all, ['gate', 'in', 'steps'], [inner, channels, heads])
  const conv = { name: name('mambaConv'), biased: convBiased, activation: 'silu' } as const
  const [x, b, c] = split(convolved(ctx, states, unconvolved, channels, conv), ['x', 'b', 'c'], [inner, shared, shared])
  const time = clamped(softplus(ctx, g.add('Add', [steps, weight(name('mambaTimeBias'))])))
  const rate = g.add('Neg', [g.add('Exp', [weight(name('mambaLogDecay'))])])
  const byHead = (value: string) => flat(value, headDim, `n · t · ${heads}`)
  /** A number for each head, for all of its dimensions: [n · t · heads, 1]. */
  const column = (value: string) => g.add('Reshape', [value, g.ints(-1, 1)])
  const input = g.add('Mul', [byHead(x), column(time)])
  const read = `mamba.read.${layer}`
  g.add(
    'LinearAttention',
    [
      ...[perRow(c, shared), perRow(b, shared), perRow(input, inner)],
      ...[states.past('recurrent'), perRow(g.add('Mul', [time, rate]), heads)],
    ],
    { q_num_heads: groups, kv_num_heads: heads, update_rule: 'gated', scale: { float: 1 } },
    { domain: 'com.microsoft', outputs: [read, states.present('recurrent')] },
  )
  const skips = g.add('Reshape', [weight(name('mambaSkip')), g.ints(heads, 1)])
  const skipped = g.add('Mul', [g.add('Reshape', [x, g.ints(-1, heads, headDim)]), skips])
  const output = g.add('Add', [flat(read, inner), flat(skipped, inner)])
  const gated = g.add('Mul', [output, g.add('Mul', [gate, g.add('Sigmoid', [gate])])])
  return [intoBlock(norm(gated, name('mambaNorm'))), inner]

  function clamped(value: string): string {
    const [least, most] = limits
    const atLeast = least > 0 ? g.add('Max', [value, g.floats([least], [])]) : value
    return Number.isFinite(most) ? g.add('Min', [atLeast, g.floats([most], [])]) : atLeast
  }
}
