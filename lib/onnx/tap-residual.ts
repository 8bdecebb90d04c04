import { finalNormName, headName } from '../weights/tensor-names'
import type { Scope } from './scope'

/** A residual's logits. */
export function unembedded({ config, norm, linear, capped }: Scope, residual: string): string {
  return capped(linear(norm(residual, finalNormName(config)), headName(config)), config.logitCap)
}

/** What leaves the graph behind the last layer; `x` is the residual, of the last positions only where `lastOnly`. */
export function tapResidual(scope: Scope, x: string, lastOnly: boolean): void {
  const { g, config, ids, flat, perRow, atLast, tap, wants } = scope
  const head = (residual: string) => unembedded(scope, residual)
  tap('residuals', x, config.hidden)
  if (wants('residual') || wants('logits')) {
    const last = lastOnly ? x : atLast(x, config.hidden)
    tap('residual', last, config.hidden)
    if (wants('logits')) tap('logits', head(last), config.vocab)
  }
  if (wants('nll')) {
    const before = flat(
      g.add('Slice', [perRow(x, config.hidden), g.ints(0), g.ints(-1), g.ints(1)]),
      config.hidden,
      'n · (t − 1)',
    )
    const following = g.add('Slice', [ids, g.ints(1), g.ints(config.maxPositions), g.ints(1)])
    const next = g.add('Reshape', [following, g.ints(-1, 1)])
    const logProbabilities = g.add('LogSoftmax', [head(before)], { axis: -1 })
    tap('nll', g.add('Neg', [g.add('GatherElements', [logProbabilities, next], { axis: 1 })]), 1)
  }
}
