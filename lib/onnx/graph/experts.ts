import { biasName, expertNames, partName } from '../../weights/config/tensor-names'
import { activated } from './activated'
import type { GraphContext } from './graph-context'

/**
 * A mixture of experts of u [n · t, hidden], in float32: the router's softmax chooses the best experts for each token, and
 * weighs their outputs. Every expert computes every token; those that are not chosen weigh nothing. The same shape comes
 * out. https://arxiv.org/abs/2006.16668, https://arxiv.org/abs/2505.09388, https://arxiv.org/abs/2508.10925
 */
export function experts(ctx: GraphContext, layer: number, u: string): string {
  const { g, config, weight, linear, intoBlock, fromBlock } = ctx
  if (!config.experts) throw new TypeError('experts')
  const { count, used, normed, biased } = config.experts
  const router = partName(config, layer, 'router') as string
  const bias = config.biased.includes('router') ? [weight(biasName(router))] : []
  const scores = g.add('Gemm', [u, weight(router), ...bias], { transB: 1 })
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
      const { down } = expertNames(config, layer, expert)
      return g.add('Mul', [fromBlock(linear(hiddenOf(ctx, layer, expert, x), down, biased)), column])
    })
    .reduce((sum, output) => g.add('Add', [sum, output]))
}

/** What an expert's last matrix takes for x [n · t, hidden], [n · t, ff], in the blocks' precision. */
function hiddenOf(ctx: GraphContext, layer: number, expert: number, x: string): string {
  const { g, config, linear } = ctx
  const { biased, fused, limit } = config.experts ?? {}
  const names = expertNames(config, layer, expert)
  const every = (start: number, both: string) =>
    g.add('Slice', [both, g.ints(start), g.ints(Number.MAX_SAFE_INTEGER), g.ints(1), g.ints(2)])
  const both = fused ? linear(x, names.gateUp, biased) : null
  const gate = both ? every(0, both) : linear(x, names.gate, biased)
  const up = both ? every(1, both) : linear(x, names.up, biased)
  return limit ? clamped(ctx, gate, up, limit) : g.add('Mul', [activated(ctx, gate), up])
}

/** gpt-oss's: min(gate, limit) · σ(1.702 · min(gate, limit)) · (1 + up within ± limit). */
function clamped({ g, precision }: GraphContext, gate: string, up: string, limit: number): string {
  const number = (value: number) => {
    const constant = g.floats([value], [])
    return precision === 'F32' ? constant : g.castEarly(constant, precision)
  }
  const open = g.add('Min', [gate, number(limit)])
  const sigmoid = g.add('Sigmoid', [g.add('Mul', [open, number(1.702)])])
  const within = g.add('Max', [g.add('Min', [up, number(limit)]), number(-limit)])
  return g.add('Mul', [g.add('Mul', [open, sigmoid]), g.add('Add', [within, number(1)])])
}
