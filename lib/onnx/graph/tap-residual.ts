import { finalNormName, headName } from '../../weights/config/tensor-names'
import type { GraphContext } from './graph-context'

/** Number of head weights that are converted to float32 at a time, if they are converted at every run. */
const convertedAtOnce = 2 ** 22

/** The logits of a residual. */
export function unembedded(ctx: GraphContext, residual: string): string {
  const { config, norm, linear, capped, times, held, precision, intoBlock, fromBlock } = ctx
  const x = intoBlock(norm(residual, finalNormName(config)))
  const logits = held && held !== precision ? inParts(ctx, x) : linear(x, headName(config))
  return capped(times(fromBlock(logits), config.logitScale), config.logitCap)
}

/** Multiplies by a few rows of the head at a time: as float32, the whole of it would dominate the memory of a run. */
function inParts({ g, config, weight, held }: GraphContext, x: string): string {
  const { hidden, vocab } = config
  const rows = Math.ceil(convertedAtOnce / hidden)
  const parts = Array.from({ length: Math.ceil(vocab / rows) }, (_, i) => {
    const [from, to] = [i * rows, Math.min((i + 1) * rows, vocab)]
    const part = g.addEarly('Slice', [weight(headName(config), held ?? undefined), g.ints(from), g.ints(to), g.ints(0)])
    return g.add('Gemm', [x, g.castEarly(part, 'F32')], { transB: 1 })
  })
  return parts.length === 1 ? parts[0] : g.add('Concat', parts, { axis: 1 })
}

/** Adds the outputs after the last layer. `x` is the residual; with `lastOnly`, at the last positions only. */
export function tapResidual(ctx: GraphContext, x: string, lastOnly: boolean): void {
  const { g, config, ids, flat, perRow, lastToken, tap, wants } = ctx
  const head = (residual: string) => unembedded(ctx, residual)
  tap('residuals', x, config.hidden)
  if (wants('residual') || wants('logits')) {
    const last = lastOnly ? x : lastToken(x, config.hidden)
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
    const losses = g.add('Neg', [g.add('GatherElements', [logProbabilities, next], { axis: 1 })])
    const rows = g.add('Shape', [ids], { start: 0, end: 1 })
    tap('nll', g.add('Reshape', [losses, g.add('Concat', [rows, g.ints(-1)], { axis: 0 })]), 't − 1')
  }
}
