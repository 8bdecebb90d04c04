import { expect, test } from 'vitest'
import { safetensors } from '../weights/fixture'
import { readSafetensors } from '../weights/safetensors'
import { readTensor } from '../weights/tensor'
import { narrow } from '../weights/widen'
import { memoryBytes } from './web-files'
import { widenBf16 } from './widen-bf16'

const values = Float32Array.of(1, -2.5, 0, 1024)
const tensor = (name: string, dtype: 'F16' | 'BF16') => ({ name, dtype, shape: [2, 2], data: narrow(values, dtype) })

test('behavior: bfloat16 becomes float32 of the same values; what has none stays', async () => {
  const mixed = safetensors('a.safetensors', [tensor('a', 'BF16'), tensor('b', 'F16'), tensor('c', 'BF16')])
  const half = safetensors('b.safetensors', [tensor('d', 'F16')])
  const tensors = [...(await readSafetensors(mixed)), ...(await readSafetensors(half))]
  const files = await Promise.all(
    [mixed, half].map(async ({ path, bytes }) => ({ path, data: await bytes.slice(0, bytes.byteLength) })),
  )
  const wide = widenBf16(new Map(tensors.map((t) => [t.name, t])), files)
  expect(wide.files[1]).toBe(files[1])
  expect([...wide.tensors.values()].map(({ dtype }) => dtype)).toEqual(['F32', 'F16', 'F32', 'F16'])
  const named = wide.files.map(({ path, data }) => memoryBytes(path, data))
  for (const name of 'abcd') expect(await readTensor(named, wide.tensors, name)).toEqual(values)
})
