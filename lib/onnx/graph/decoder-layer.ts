import { familyRow } from '../../weights/config/tensor-names'
import type { Attend } from '../attention/attend'
import type { GraphContext } from './graph-context'

/**
 * One layer of the model. With `lastOnly`, everything after the attention is computed for the last position of each row
 * only.
 */
export function decoderLayer(ctx: GraphContext, attend: Attend, layer: number, x: string, lastOnly: boolean): string {
  const { g, config, part, lastToken, intoBlock, fromBlock } = ctx
  const { hidden } = config
  const width = config.heads * config.headDim
  const select = (value: string, columns: number) => (lastOnly ? lastToken(value, columns) : value)

  const [q, k, v] = queries(ctx, layer, intoBlock(part(layer, 'attentionNorm', x) ?? x))
  const mixed = select(ctx.flat(attend(layer, q, k, v), width), width)
  const attended = fromBlock(part(layer, 'attentionOut', mixed) as string)
  const residual = select(x, hidden)
  const afterAttention = g.add('Add', [residual, part(layer, 'attentionPostNorm', attended) ?? attended])

  const mlpInput = config.parallel ? residual : afterAttention
  const mlpOutput = fromBlock(mlp(ctx, layer, intoBlock(part(layer, 'mlpNorm', mlpInput) ?? mlpInput), lastOnly))
  return g.add('Add', [afterAttention, part(layer, 'mlpPostNorm', mlpOutput) ?? mlpOutput])
}

/** q, k and v, each [n, t, heads · headDim]. */
function queries({ g, config, flat, perRow, part }: GraphContext, layer: number, y: string): string[] {
  const { heads, kvHeads, headDim } = config
  const { fusedQkv, qkNorm } = familyRow(config)
  const widths = [heads, kvHeads, kvHeads].map((count) => count * headDim)
  const normed = (name: 'qNorm' | 'kNorm', x: string, width: number) =>
    qkNorm ? (part(layer, name, qkNorm === 'head' ? byHead(x, width / headDim) : flat(x, width)) as string) : x
  const byHead = (x: string, count: number, width = headDim) => flat(x, width, `n · t · ${count}`)
  const [q, k, v] = split()
  return [normed('qNorm', q, widths[0]), normed('kNorm', k, widths[1]), v].map((x, i) => perRow(x, widths[i]))

  function split(): string[] {
    if (!fusedQkv) return (['q', 'k', 'v'] as const).map((name) => part(layer, name, y) as string)
    const all = part(layer, 'qkv', y) as string
    const outputs = ['q', 'k', 'v'].map((name) => `${name}.${layer}`)
    if (fusedQkv === 'heads') {
      g.add('Split', [byHead(all, heads, 3 * headDim), g.ints(headDim, headDim, headDim)], { axis: 1 }, { outputs })
      return outputs.map((name, i) => flat(name, widths[i]))
    }
    g.add('Split', [all, g.ints(...widths)], { axis: 1 }, { outputs })
    return outputs
  }
}

function mlp(ctx: GraphContext, layer: number, u: string, lastOnly: boolean): string {
  const { g, config, lastToken, fromBlock, part, tap, wants } = ctx
  const { ff } = config
  let gate = part(layer, 'gate', u)
  let up = part(layer, 'up', u)
  const both = part(layer, 'gateUp', u)
  if (both) {
    const outputs = [`gate.${layer}`, `up.${layer}`]
    g.add('Split', [both, g.ints(ff, ff)], { axis: 1 }, { outputs })
    ;[gate, up] = outputs
  }
  const z = gate ? g.add('Mul', [activated(ctx, gate), up as string]) : activated(ctx, up as string)
  if (wants(`zs.${layer}`)) tap(`zs.${layer}`, fromBlock(z), ff)
  if (wants(`z.${layer}`)) tap(`z.${layer}`, fromBlock(lastOnly ? z : lastToken(z, ff)), ff)
  return part(layer, 'down', z) as string
}

function activated({ g, config }: GraphContext, x: string): string {
  switch (config.activation) {
    case 'silu':
      return g.add('Mul', [x, g.add('Sigmoid', [x])])
    case 'relu':
      return g.add('Relu', [x])
    case 'gelu':
      return g.add('Gelu', [x], {}, { domain: 'com.microsoft' })
    case 'gelu_tanh':
      return g.add('FastGelu', [x], {}, { domain: 'com.microsoft' })
  }
}
