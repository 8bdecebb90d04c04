import { expect, test } from 'vitest'
import { blobBytes } from '../weights/bytes'
import { safetensors } from '../weights/fixture'
import { readSafetensors } from '../weights/safetensors'
import { readTensor, type Tensor } from '../weights/tensor'
import { narrow } from '../weights/widen'
import { liesPlain, loadPieces, planPieces } from './pieces'

const values = Float32Array.of(1, -2.5, 0, 1024)
const tensor = (name: string, dtype: 'F32' | 'F16' | 'BF16') => ({
  name,
  dtype,
  shape: [2, 2],
  data: narrow(values, dtype),
})

test('default: every tensor as float32 of the same values, those that stay where they were', async () => {
  const files = [
    safetensors('a.safetensors', [tensor('a', 'BF16'), tensor('b', 'F16'), tensor('c', 'F32')]),
    safetensors('b.safetensors', [tensor('d', 'F16')]),
  ]
  const all = (await Promise.all(files.map(readSafetensors))).flat()
  const tensors = new Map(all.map((t) => [t.name, t]))
  const plan = planPieces(tensors, ({ name }) => name === 'b')
  expect(plan.tensors.get('b')).toBe(tensors.get('b'))
  const steps: number[] = []
  const pieces = await loadPieces(plan, files, (done, total) => steps.push(done / total))
  expect(steps.at(-1)).toBe(1)
  const memory = pieces.map(({ path, data }) => ({ path, bytes: blobBytes(new Blob([data as BlobPart])) }))
  for (const name of 'abcd') expect(await readTensor([...files, ...memory], plan.tensors, name)).toEqual(values)
  expect(['a', 'c', 'd'].map((name) => plan.tensors.get(name)?.dtype)).toEqual(['F32', 'F32', 'F32'])
})

const large = (name: string, gibibytes: number): Tensor => ({
  ...{ name, dtype: 'F16', shape: [gibibytes * 2 ** 28], file: 'a', offset: 0, byteLength: gibibytes * 2 ** 29 },
})
const table = (...tensors: Tensor[]) => new Map(tensors.map((t) => [t.name, t]))

test('behavior: no piece is above 1 GiB unless one tensor is', () => {
  const { lengths } = planPieces(table(large('a', 0.6), large('b', 0.3), large('c', 0.3), large('d', 1.5)), () => false)
  expect(lengths.map((length) => length / 2 ** 30)).toEqual([expect.closeTo(0.9), expect.closeTo(0.3), 1.5])
})

test('error: a tensor that no buffer holds', () => {
  expect(() => planPieces(table(large('a', 2)), () => false)).toThrow('has 2147483648 bytes as float32')
})

test('default: blocks and what is in another order are not plain', () => {
  const plain = large('a', 1)
  expect(
    [plain, { ...plain, dtype: 'Q8_0' as const }, { ...plain, stored: { as: 'whole gain' as const } }].map(liesPlain),
  ).toEqual([true, false, false])
})
