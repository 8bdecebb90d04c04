import { partName } from '../../weights/config/tensor-names'
import type { GraphContext } from '../graph/graph-context'
import { convolved, type MixerStates, softplus } from './convolution'

/** Keeps the length of a vector of zeros from being divided by, as in the reference. */
const lengthEpsilon = 1e-6

/**
 * Gated delta net of y [n · t, hidden]: a recurrence in which each token forgets a share of the state and corrects what
 * the state answers to its key. Returns [n · t, width] before the output's matrix, and the width.
 * https://arxiv.org/abs/2412.06464
 */
export function deltaNet(ctx: GraphContext, states: MixerStates, layer: number, y: string): [string, number] {
  const { g, config, weight, part, perRow, flat, norm, fromBlock, intoBlock } = ctx
  if (!config.delta) throw new TypeError('delta')
  const { keyHeads, valueHeads, keyDim, valueDim } = config.delta
  const [keys, values] = [keyHeads * keyDim, valueHeads * valueDim]
  const name = (which: 'deltaConv' | 'deltaLogDecay' | 'deltaTimeBias' | 'deltaNorm') =>
    partName(config, layer, which) as string
  const float = (which: 'deltaQkv' | 'deltaGate' | 'deltaBeta' | 'deltaDecay') =>
    fromBlock(part(layer, which, y) as string)

  const conv = { name: name('deltaConv'), biased: false, activation: 'silu' } as const
  const qkv = convolved(ctx, states, float('deltaQkv'), 2 * keys + values, conv)
  const outputs = ['q', 'k', 'v'].map((which) => `delta.${which}.${layer}`)
  g.add('Split', [qkv, g.ints(keys, keys, values)], { axis: 1 }, { outputs })
  const [q, k, v] = outputs
  const unit = (x: string) => {
    const gains = g.floats(new Float32Array(keyDim).fill(keyDim ** -0.5), [keyDim])
    const epsilon = { float: lengthEpsilon / keyDim }
    const byHead = flat(x, keyDim, `n · t · ${keyHeads}`)
    return perRow(g.add('SimplifiedLayerNormalization', [byHead, gains], { axis: -1, epsilon }), keys)
  }
  const beta = g.add('Sigmoid', [float('deltaBeta')])
  const rate = g.add('Neg', [g.add('Exp', [weight(name('deltaLogDecay'))])])
  const time = softplus(ctx, g.add('Add', [float('deltaDecay'), weight(name('deltaTimeBias'))]))
  const decay = g.add('Mul', [time, rate])
  const read = `delta.read.${layer}`
  const inputs = [unit(q), unit(k), perRow(v, values), states.past('recurrent')]
  g.add(
    'LinearAttention',
    [...inputs, perRow(decay, valueHeads), perRow(beta, valueHeads)],
    { q_num_heads: keyHeads, kv_num_heads: valueHeads, update_rule: 'gated_delta', scale: { float: keyDim ** -0.5 } },
    { domain: 'com.microsoft', outputs: [read, states.present('recurrent')] },
  )
  const gate = float('deltaGate')
  const normed = flat(norm(flat(read, valueDim, `n · t · ${valueHeads}`), name('deltaNorm'), 'F32', 'rms'), values)
  const gated = g.add('Mul', [normed, g.add('Mul', [gate, g.add('Sigmoid', [gate])])])
  return [intoBlock(gated), values]
}
