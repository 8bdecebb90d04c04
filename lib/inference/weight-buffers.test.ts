import { expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
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

test('default: tensors are converted to float32 with the same values, except those that stay in their files', async () => {
  const plan = planWeightBuffers(tensors, ({ name }) => name === 'b')
  expect(plan.tensors.get('b')).toBe(tensors.get('b'))
  const buffers = await loadWeightBuffers(plan, files)
  const memory = buffers.map(({ path, data }) => ({ path, bytes: blobBytes(new Blob([data as BlobPart])) }))
  for (const name of 'abcd') expect(await readTensor([...files, ...memory], plan.tensors, name)).toEqual(values)
  expect(['a', 'c', 'd'].map((name) => plan.tensors.get(name)?.dtype)).toEqual(['F32', 'F32', 'F32'])
})

test.each(['F32', 'F16'] as const)('behavior: streamed as %s, each tensor when it is accessed', async (precision) => {
  const whole = new Map(
    await Promise.all(files.map(async ({ path, bytes }) => [path, await bytes.slice(0, bytes.byteLength)] as const)),
  )
  const read: string[] = []
  const progress: number[] = []
  const plan = planWeightBuffers(tensors, () => false, precision)
  const [{ data }] = streamWeightBuffers(
    plan,
    (path, from, to) => {
      read.push(path)
      return whole.get(path)?.slice(from, to) ?? new Uint8Array(0)
    },
    (bytes) => progress.push(bytes),
  )
  expect(data.byteLength).toBe(4 * 64)
  expect(read).toEqual([])
  for (const name of 'dcba') {
    const { offset, byteLength } = plan.tensors.get(name) as Tensor
    expect(toFloat32(data.subarray(offset, offset + byteLength), precision)).toEqual(values)
  }
  expect(read).toEqual(['b.safetensors', 'a.safetensors', 'a.safetensors', 'a.safetensors'])
  expect(progress).toEqual([8, 16, 8, 8])
  expect(() => data.subarray(1, 9)).toThrow(
    kinmarkError('inference.no-tensor-at', { buffer: 0, offset: 1, byteLength: 8 }),
  )
})

const large = (name: string, gibibytes: number): Tensor => ({
  ...{ name, dtype: 'F16', shape: [gibibytes * 2 ** 28], file: 'a', offset: 0, byteLength: gibibytes * 2 ** 29 },
})
const table = (...tensors: Tensor[]) => new Map(tensors.map((t) => [t.name, t]))

test('behavior: no buffer is larger than 1 GiB unless a single tensor is', () => {
  const { lengths } = planWeightBuffers(
    table(large('a', 0.6), large('b', 0.3), large('c', 0.3), large('d', 1.5)),
    () => false,
  )
  expect(lengths.map((length) => length / 2 ** 30)).toEqual([expect.closeTo(0.9), expect.closeTo(0.3), 1.5])
})

test('error: a tensor that is too large for one buffer', () => {
  expect(() => planWeightBuffers(table(large('a', 2)), () => false)).toThrow(
    kinmarkError('inference.tensor-too-large', { tensor: 'a', byteLength: 2 ** 31, precision: 'float32' }),
  )
})

test('default: block types and other layouts are not zero-copy', () => {
  const tensor = large('a', 1)
  expect(
    [tensor, { ...tensor, dtype: 'Q8_0' as const }, { ...tensor, ggufLayout: { as: 'full gain' as const } }].map(
      isZeroCopy,
    ),
  ).toEqual([true, false, false])
})
