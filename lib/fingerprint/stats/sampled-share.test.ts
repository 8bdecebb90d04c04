import { expect, test } from 'vitest'
import { seededRandom } from './random'
import { sampledShare } from './sampled-share'

test('default: bounds of a small population, counted by hand', () => {
  // Of 4, two are asked and both are hits: with two hits that has a chance of 1/6, with none or one it cannot be.
  expect(sampledShare(2, 2, 4)).toEqual([0.5, 1])
  // Of 20, ten are asked and none is a hit: with five hits that has a chance of 0.016, with four of 0.043.
  expect(sampledShare(0, 10, 20)).toEqual([0, 0.2])
  expect(sampledShare(10, 10, 20)).toEqual([0.8, 1])
})

test('behavior: a sample of all leaves the share itself', () => {
  for (const hits of [0, 7, 160]) expect(sampledShare(hits, 160, 160)).toEqual([hits / 160, hits / 160])
})

test('behavior: 256 of 1,536 say a share to within three parts in a hundred', () => {
  const [low, high] = sampledShare(248, 256, 1536)
  expect(low).toBeGreaterThan(0.94)
  expect(low).toBeLessThan(248 / 256)
  expect(high).toBeGreaterThan(248 / 256)
  expect(high).toBeLessThan(0.99)
})

test('behavior: of many samples at least 95 % have the share in their interval', () => {
  const random = seededRandom(new Uint8Array(16).fill(3))
  for (const share of [0.5, 0.92, 0.98]) {
    const all = 500
    const isHit = Array.from({ length: all }, (_, i) => i < share * all)
    let held = 0
    for (let n = 0; n < 400; n++) {
      const left = [...isHit]
      let hits = 0
      for (let i = 0; i < 100; i++) hits += left.splice(Math.floor(random() * left.length), 1)[0] ? 1 : 0
      const [low, high] = sampledShare(hits, 100, all)
      held += low <= share && share <= high ? 1 : 0
    }
    expect(held / 400).toBeGreaterThanOrEqual(0.95)
  }
})
