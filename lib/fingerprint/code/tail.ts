import type { Scoring } from './channel'

/**
 * Exact P(score ≥ s) for an innocent copy. Its codeword is independent of the answers, so the score is a sum of
 * independent two-valued variables, whose distributions are convolved in integer steps. Only positive numbers are added,
 * so that even 1e-100 is precise.
 */
export function exactTail({ hit, miss, chance }: Scoring): (score: number) => number {
  const low = miss.reduce((sum, x) => sum + x, 0)
  const size = hit.reduce((sum, x) => sum + x, 0) - low + 1
  let now = new Float64Array(size)
  let next = new Float64Array(size)
  now[0] = 1
  let reach = 0
  for (let i = 0; i < hit.length; i++) {
    const stride = hit[i] - miss[i]
    next.fill(0, 0, reach + stride + 1)
    for (let s = 0; s <= reach; s++) {
      next[s] += now[s] * (1 - chance[i])
      next[s + stride] += now[s] * chance[i]
    }
    reach += stride
    ;[now, next] = [next, now]
  }
  for (let s = reach - 1; s >= 0; s--) now[s] += now[s + 1]
  return (score) => (score <= low ? 1 : score - low > reach ? 0 : Math.min(1, now[score - low]))
}
