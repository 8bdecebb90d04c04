import { partName } from '../../weights/config/tensor-names'
import type { GraphContext } from '../graph/graph-context'
import { convolved, type MixerStates } from './convolution'

/**
 * LFM2's gated short convolution of y [n · t, hidden]. Returns [n · t, hidden] before the output's matrix, and the width.
 * https://www.liquid.ai/blog/liquid-foundation-models-v2-our-second-series-of-generative-ai-models
 */
export function shortConv(ctx: GraphContext, states: MixerStates, layer: number, y: string): [string, number] {
  const { g, config, part, fromBlock, intoBlock } = ctx
  const { hidden } = config
  const outputs = ['before', 'after', 'x'].map((name) => `conv.${name}.${layer}`)
  const all = fromBlock(part(layer, 'convIn', y) as string)
  g.add('Split', [all, g.ints(hidden, hidden, hidden)], { axis: 1 }, { outputs })
  const [before, after, x] = outputs
  const conv = {
    name: partName(config, layer, 'conv') as string,
    biased: config.shortConv?.biased ?? false,
    activation: 'none',
  } as const
  const output = convolved(ctx, states, g.add('Mul', [before, x]), hidden, conv)
  return [intoBlock(g.add('Mul', [after, output])), hidden]
}
