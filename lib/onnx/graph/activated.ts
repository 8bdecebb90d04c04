import type { GraphContext } from './graph-context'

/** The MLP's activation of x. */
export function activated({ g, config }: GraphContext, x: string): string {
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
