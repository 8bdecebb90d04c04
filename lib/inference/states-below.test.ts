import { expect, test } from 'vitest'
import type { TokenBatch } from './runtime'
import { firstEdited, followFrom, keptStates } from './states-below'

const rowsOf = (...rows: number[][]): TokenBatch => ({
  ids: Int32Array.from(rows.flat()),
  rows: rows.length,
  length: rows[0].length,
})

/** Residuals that are the tokens' ids, and the rows that were computed. */
function counted(hidden: number, mostBytes?: number) {
  const computed: number[][] = []
  const states = keptStates(
    hidden,
    async ({ ids, rows, length }) => {
      for (let row = 0; row < rows; row++) computed.push([...ids.subarray(row * length, (row + 1) * length)])
      const data = Float32Array.from({ length: ids.length * hidden }, (_, i) => ids[Math.floor(i / hidden)])
      return { data, rows: rows * length, cols: hidden }
    },
    mostBytes,
  )
  return { computed, states }
}

test('behavior: only rows that were not seen before are computed, and every row is in its place', async () => {
  const { computed, states } = counted(2)
  await states(rowsOf([1, 2], [3, 4]))
  const { data, rows, cols } = await states(rowsOf([5, 6], [3, 4], [1, 2], [1, 3]))
  expect([rows, cols]).toEqual([8, 2])
  expect([...data]).toEqual([5, 5, 6, 6, 3, 3, 4, 4, 1, 1, 2, 2, 1, 1, 3, 3])
  expect(computed).toEqual([
    [1, 2],
    [3, 4],
    [5, 6],
    [1, 3],
  ])
})

test('behavior: rows that were not asked for longest are forgotten first', async () => {
  const { computed, states } = counted(1, 2 * 4)
  for (const row of [1, 2, 1, 3, 1, 2]) expect([...(await states(rowsOf([row]))).data]).toEqual([row])
  expect(computed.flat()).toEqual([1, 2, 3, 2])
})

test('behavior: a caller may change what it receives', async () => {
  const { states } = counted(1)
  for (let i = 0; i < 2; i++) (await states(rowsOf([7, 8]))).data.fill(0)
  expect([...(await states(rowsOf([7, 8]))).data]).toEqual([7, 8])
})

test('behavior: the first layer that an edit may change, where layers take nothing else from those below', () => {
  const block = { keysOf: null } as Parameters<typeof firstEdited>[0]['blocks'][number]
  const plain = { layerInput: null, blocks: [block, block, block] }
  const names = ['a', 'b', 'c']
  expect(firstEdited(plain, names, ['c', 'b'])).toBe(1)
  expect(firstEdited(plain, names, [])).toBe(0)
  expect(firstEdited(plain, names, ['c', 'another matrix'])).toBe(0)
  expect(firstEdited({ ...plain, blocks: [block, block, { ...block, keysOf: 0 }] }, names, ['c'])).toBe(0)
  expect(firstEdited({ ...plain, layerInput: { width: 8, vocab: 97 } }, names, ['c'])).toBe(0)
})

test('behavior: taps of lower layers do not follow from a residual', () => {
  expect(followFrom(2, ['logits', 'residuals', 'z.2', 'zs.3'])).toBe(true)
  expect(followFrom(2, ['logits', 'z.1'])).toBe(false)
})
