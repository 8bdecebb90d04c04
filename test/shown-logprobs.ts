import type { Head } from '../lib/fingerprint/head/head'
import { logitsAt, normalized } from '../lib/fingerprint/head/head'
import { row, takeRows } from '../lib/fingerprint/linear/matrix'
import { padded, type TokenLogprobs, type Transcript } from '../lib/fingerprint/near-ties/text-evidence'
import type { FingerprintRuntime, Runtime } from '../lib/inference/runtime'

const rowsAtOnce = 8

/**
 * The texts with the log probabilities that a model shows for each token of their answers: the `count` likeliest, or the
 * written token's own where `count` is 0. Some servers show them as a temperature has changed them.
 */
export async function withLogprobs(
  { run }: Pick<Runtime, 'run'>,
  { matmul }: Pick<FingerprintRuntime, 'matmul'>,
  head: Head,
  texts: readonly Transcript[],
  count: number,
  temperature = 1,
): Promise<Transcript[]> {
  const out: Transcript[] = []
  for (let at = 0; at < texts.length; at += rowsAtOnce) {
    const part = texts.slice(at, at + rowsAtOnce)
    const batch = padded(part)
    const { residuals } = await run(batch, ['residuals'])
    for (const [r, { ids, from }] of part.entries()) {
      const ends = Array.from({ length: ids.length - from }, (_, i) => r * batch.length + from + i - 1)
      const logits = await logitsAt(matmul, head, normalized(takeRows(residuals, ends), head))
      for (let i = 0; i < logits.data.length; i++) logits.data[i] /= temperature
      out.push({ ids, from, logprobs: ends.map((_, i) => shownAt(row(logits, i), ids[from + i], count)) })
    }
  }
  return out
}

function shownAt(logits: Float32Array, token: number, count: number): TokenLogprobs {
  const most = logits.reduce((a, b) => Math.max(a, b))
  const logZ = most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0))
  const least = count === 0 ? Number.POSITIVE_INFINITY : logits.toSorted().at(-count)!
  const likeliest = Array.from(logits.keys()).filter((v) => logits[v] >= least)
  return (count === 0 ? [token] : likeliest).map((v) => [v, logits[v] - logZ] as const)
}
