import { expect, test } from 'vitest'
import { seededRandom } from '../stats/random'
import { accuse } from './accuse'
import { chernoffNats } from './chernoff'
import { bitTable, copyScores } from './copy-scores'

const keys = 400
const random = seededRandom(new Uint8Array(16).fill(5))
const fairBits = () => Int8Array.from({ length: keys }, () => (random() < 0.5 ? 1 : -1))
const copies = Array.from({ length: 2000 }, fairBits)
const g = Float64Array.from({ length: keys }, () => random())

test('default: the copy whose bits lean to g is named, nobody else', () => {
  const leaning = Int8Array.from(g, () => (random() < 0.85 ? 1 : -1))
  const scores = copyScores(bitTable([...copies, leaning], keys), g)
  const nats = scores.map(chernoffNats(g))
  expect(accuse(nats, 1e-9).map(({ copy }) => copy)).toEqual([copies.length])
})

test('behavior: evidence in e-folds is as rare among innocents as it says', () => {
  const nats = copyScores(bitTable(copies, keys), g).map(chernoffNats(g))
  for (const at of [2, 3, 4]) expect(nats.filter((x) => x >= at).length / nats.length).toBeLessThan(Math.exp(-at) * 1.2)
  expect(accuse(nats, 0.01)).toEqual([])
})
