import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMatmul } from '../../inference/node/matmul'
import type { Matmul } from '../../inference/runtime'
import { heldMoments } from '../keys/shares'
import { distanceOf, layerDistances, rarityAmong, rarityQuota } from './rarity'

let products: Matmul
let close: () => Promise<void>

beforeAll(() => {
  ;({ matmul: products, close } = openMatmul(1))
})
afterAll(() => close())

const moment = { data: Float64Array.of(4, 0, 0, 0, 1, 0, 0, 0, 1), size: 3 }

test('default: the distance counts what ordinary text seldom does', async () => {
  const of = await distanceOf(products, moment)
  const distances = await of({ data: Float32Array.of(2, 0, 0, 0, 2, 0), rows: 2, cols: 3 })
  expect(distances[0]).toBeCloseTo(4 / 4.002, 5)
  expect(distances[1]).toBeCloseTo(4 / 1.002, 5)
})

test('behavior: of a model whose factors do not fit, the last layer is looked at', async () => {
  const layersOf = async (ff: number) =>
    (await layerDistances(products, [4, 5, 6], ff, heldMoments([moment, moment, moment]))).map(({ layer }) => layer)
  expect(await layersOf(3)).toEqual([4, 5, 6])
  expect(await layersOf(8192)).toEqual([5, 6])
  expect(await layersOf(28_672)).toEqual([6])
})

test('default: a rarity is the share of ordinary prompts that lie farther', () => {
  const rarity = rarityAmong(Float64Array.of(5, 1, 3, 3))
  expect([6, 5, 4, 3, 2, 1, 0].map(rarity)).toEqual([0, 0, 0.25, 0.25, 0.75, 0.75, 1])
})

test('default: hardly more keys are taken as rare as the rarest ordinary prompts, or next to them, than their share, at each layer', () => {
  const isWithin = rarityQuota(400)
  const taken = (rarities: number[]) => Array.from({ length: 100 }, () => isWithin(rarities)).filter(Boolean).length
  expect(taken([0, 1])).toBe(5)
  expect(taken([0.03, 1])).toBe(20)
  expect(taken([0.07, 1])).toBe(35)
  expect(taken([0.2, 0.2])).toBe(100)
  expect(taken([1, 0.03])).toBe(25)
  expect(taken([1, 0])).toBe(0)
})
