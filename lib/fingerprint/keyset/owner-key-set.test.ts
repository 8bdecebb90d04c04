import { expect, test } from 'vitest'
import { codeBiases, codewordOf } from '../code/code'
import type { Preparation } from '../format/preparation'
import { batchOf } from '../keys/batch'
import { ownerKeySet, subset } from './owner-key-set'

const secret = new Uint8Array(32).fill(1)
const preparation = {
  ...{ secret, cutoff: 0.12, nullRate: 0.05 },
  keys: batchOf(Array.from({ length: 16 }, (_, i) => [i, 100 + i])),
  candidates: Uint32Array.from({ length: 64 }, (_, i) => i),
} as unknown as Preparation
const copies = ['1', 'ada'].map((copyId, i) => ({ copyId, buyerSeed: new Uint8Array(32).fill(i) }))
const keySet = ownerKeySet(preparation, copies)

test('default: every key, its candidates, and every copy’s codeword', () => {
  expect(keySet.keys[9]).toEqual({ index: 9, ids: [9, 109], candidates: [36, 37, 38, 39], disclosed: false })
  expect(keySet.keys.filter(({ disclosed }) => disclosed).map(({ index }) => index)).toEqual([0, 8])
  const code = codeBiases(secret, 16, 0.12)
  expect(keySet.biases).toEqual([...code.chances])
  expect(keySet.copies[1]).toEqual({
    copyId: 'ada',
    codeword: codewordOf(secret, code, 'ada', copies[1].buyerSeed).join(''),
  })
  expect(JSON.parse(JSON.stringify(keySet))).toEqual(keySet)
})

test('default: a subset keeps the code at its keys', () => {
  const some = subset(keySet, [3, 1])
  expect(some.keys.map(({ index }) => index)).toEqual([3, 1])
  expect(some.biases).toEqual([...keySet.biases.slice(12, 16), ...keySet.biases.slice(4, 8)])
  expect(some.copies[0].codeword).toBe(`${keySet.copies[0].codeword[3]}${keySet.copies[0].codeword[1]}`)
  expect([some.kind, some.nullRate]).toEqual(['owner', 0.05])
})
