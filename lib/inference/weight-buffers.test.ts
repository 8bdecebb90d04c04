import { expect, test } from 'vitest'
import { safetensors } from '../../test/fixtures/model-folder'
import { blobBytes } from '../weights/bytes'
import { fromFloat32, toFloat32 } from '../weights/dtype/float32'
import { readSafetensors } from '../weights/safetensors/read-safetensors'
import { readTensor, type Tensor } from '../weights/tensor'
import { isZeroCopy, loadWeightBuffers, planWeightBuffers, streamWeightBuffers } from './weight-buffers'

const values = Float32Array.of(1, -2.5, 0, 1024)
const tensor = (name: string, dtype: 'F32' | 'F16' | 'BF16') => ({
  name,
  dtype,
  shape: [2, 2],
  data: fromFloat32(values, dtype),
})

const files = [
  safetensors('a.safetensors', [tensor('a', 'BF16'), tensor('b', 'F16'), tensor('c', 'F32')]),
  safetensors('b.safetensors', [tensor('d', 'F16')]),
]
const tensors = new Map((await Promise.all(files.map(readSafetensors))).flat().map((t) => [t.name, t]))

test('default: every tensor as float32 of the same values, those that stay where they were', async () => {
  const plan = planWeightBuffers(tensors, ({ name }) => name === 'b')
  expect(plan.tensors.get('b')).toBe(tensors.get('b'))
  const pieces = await loadWeightBuffers(plan, files)
  const memory = pieces.map(({ path, data }) => ({ path, bytes: blobBytes(new Blob([data as BlobPart])) }))
  for (const name of 'abcd') expect(await readTensor([...files, ...memory], plan.tensors, name)).toEqual(values)
  expect(['a', 'c', 'd'].map((name) => plan.tensors.get(name)?.dtype)).toEqual(['F32', 'F32', 'F32'])
})

test.each(['F32', 'F16'] as const)(
  'behavior: streamed as %s, a tensor at a time and none before',
  async (precision) => {
    const whole = new Map(
      await Promise.all(files.map(async ({ path, bytes }) => [path, await bytes.slice(0, bytes.byteLength)] as const)),
    )
    const read: string[] = []
    const told: number[] = []
    const plan = planWeightBuffers(tensors, () => false, precision)
    const [{ data }] = streamWeightBuffers(
      plan,
      (path, from, to) => {
        read.push(path)
        return whole.get(path)?.slice(from, to) ?? new Uint8Array(0)
      },
      (bytes) => told.push(bytes),
    )
    expect(data.byteLength).toBe(4 * 64)
    expect(read).toEqual([])
    for (const name of 'dcba') {
      const { offset, byteLength } = plan.tensors.get(name) as Tensor
      expect(toFloat32(data.subarray(offset, offset + byteLength), precision)).toEqual(values)
    }
    expect(read).toEqual(['b.safetensors', 'a.safetensors', 'a.safetensors', 'a.safetensors'])
    expect(told).toEqual([8, 16, 8, 8])
    expect(() => data.subarray(1, 9)).toThrow('No tensor of 8 bytes lies at 1.')
  },
)

const large = (name: string, gibibytes: number): Tensor => ({
  ...{ name, dtype: 'F16', shape: [gibibytes * 2 ** 28], file: 'a', offset: 0, byteLength: gibibytes * 2 ** 29 },
})
const table = (...tensors: Tensor[]) => new Map(tensors.map((t) => [t.name, t]))

test('behavior: no piece is above 1 GiB unless one tensor is', () => {
  const { lengths } = planWeightBuffers(
    table(large('a', 0.6), large('b', 0.3), large('c', 0.3), large('d', 1.5)),
    () => false,
  )
  expect(lengths.map((length) => length / 2 ** 30)).toEqual([expect.closeTo(0.9), expect.closeTo(0.3), 1.5])
})

test('error: a tensor that no buffer holds', () => {
  expect(() => planWeightBuffers(table(large('a', 2)), () => false)).toThrow('has 2147483648 bytes as float32')
})

test('default: blocks and what is in another order are not plain', () => {
  const plain = large('a', 1)
  expect(
    [plain, { ...plain, dtype: 'Q8_0' as const }, { ...plain, ggufLayout: { as: 'full gain' as const } }].map(
      isZeroCopy,
    ),
  ).toEqual([true, false, false])
})
