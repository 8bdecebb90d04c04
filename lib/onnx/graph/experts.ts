import { expertNames, partName } from '../../weights/config/tensor-names'
import { activated } from './activated'
import type { GraphContext } from './graph-context'

/**
 * A mixture of experts of u [n · t, hidden], in float32: the router's softmax chooses the best experts for each token, and
 * weighs their outputs. Every expert computes every token; those that are not chosen weigh nothing. The same shape comes
 * out. https://arxiv.org/abs/2006.16668, https://arxiv.org/abs/2505.09388
 */
export function experts(ctx: GraphContext, layer: number, u: string): string {
  const { g, config, weight, linear, intoBlock, fromBlock } = ctx
  if (!config.experts) throw new TypeError('experts')
  const { count, used, normed } = config.experts
  const scores = g.add('Gemm', [u, weight(partName(config, layer, 'router') as string)], { transB: 1 })
  const shares = g.add('Softmax', [scores], { axis: -1 })
  const [best, chosen] = ['best', 'chosen'].map((name) => `experts.${name}.${layer}`)
  g.add('TopK', [shares, g.ints(used)], { axis: -1 }, { outputs: [best, chosen] })
  const kept = normed ? g.add('Div', [best, g.add('ReduceSum', [best, g.ints(-1)], { keepdims: 1 })]) : best
  const none = g.add('Mul', [shares, g.floats([0], [])])
  const weights = g.add('ScatterElements', [none, chosen, kept], { axis: 1 })
  const columns = Array.from({ length: count }, (_, expert) => `expert.${expert}.of.${layer}`)
  g.add('Split', [weights, g.ints(...columns.map(() => 1))], { axis: 1 }, { outputs: columns })
  const x = intoBlock(u)
  return columns
    .map((column, expert) => {
      const { gate, up, down } = expertNames(config, layer, expert)
      const z = g.add('Mul', [activated(ctx, linear(x, gate)), linear(x, up)])
      return g.add('Mul', [fromBlock(linear(z, down)), column])
    })
    .reduce((sum, output) => g.add('Add', [sum, output]))
}
