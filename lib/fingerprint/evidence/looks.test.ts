import { expect, test } from 'vitest'
import { seededRandom } from '../stats/random'
import { chernoffNats } from './chernoff'
import { lookCost } from './looks'

test('default: all looks together spend no more than the whole error rate', () => {
  let spent = 0
  for (let look = 0; look < 100_000; look++) spent += Math.exp(-lookCost(look))
  expect(spent).toBeLessThan(1)
  expect(spent).toBeGreaterThan(0.999)
})

test('behavior: text that repeats itself does not accuse by repetition', () => {
  const random = seededRandom(new Uint8Array(16).fill(8))
  const g = Float64Array.from({ length: 50 }, () => random() - 0.5)
  // The bound does not depend on the scale, so it is the same however often the text repeats itself.
  const bound = chernoffNats(g)
  let [accused, byMartingale] = [0, 0]
  const trials = 2000
  for (let n = 0; n < trials; n++) {
    const score = g.reduce((sum, x) => sum + (random() < 0.5 ? x : -x), 0)
    const squares = g.reduce((sum, x) => sum + x * x, 0)
    let [most, naive] = [0, 0]
    for (let look = 0; look < 10; look++) {
      const times = 2 ** look
      most = Math.max(most, bound(score) - lookCost(look))
      // The mixture over text as if each were evidence of its own, at the best λ: (Σ S)² / 2 Σ|g|².
      naive = Math.max(naive, (score * times) ** 2 / (2 * times * squares))
    }
    if (most > 4) accused++
    if (naive > 30) byMartingale++
  }
  expect(accused / trials).toBeLessThan(Math.exp(-4))
  expect(byMartingale / trials).toBeGreaterThan(0.5)
})
