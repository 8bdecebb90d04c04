import type { Runtime, TokenBatch } from '../../lib/inference/runtime'

/** Mean loss on held-out text, nats per token: of all tokens, and of the rare ones. */
export type Loss = { all: number; rare: number }

/** Tokens outside the commonest that make up this much of the text are rare. */
const commonMass = 0.75

export function lossOn(text: TokenBatch): (suspect: Runtime) => Promise<Loss> {
  const rare = rareTokens(text)
  return async (suspect) => {
    const { nll } = await suspect.run(text, ['nll'])
    let [sum, rareSum, rareCount] = [0, 0, 0]
    for (let i = 0; i < nll.data.length; i++) {
      sum += nll.data[i]
      const [r, t] = [Math.floor(i / (text.length - 1)), i % (text.length - 1)]
      if (!rare.has(text.ids[r * text.length + t + 1])) continue
      rareSum += nll.data[i]
      rareCount++
    }
    return { all: sum / nll.data.length, rare: rareSum / Math.max(1, rareCount) }
  }
}

function rareTokens({ ids }: TokenBatch): Set<number> {
  const counts = new Map<number, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  let covered = 0
  return new Set(
    [...counts]
      .sort((a, b) => b[1] - a[1])
      .flatMap(([id, count]) => {
        covered += count
        return covered > commonMass * ids.length ? [id] : []
      }),
  )
}
