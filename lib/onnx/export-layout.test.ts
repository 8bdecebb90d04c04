import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safetensors } from '../../test/fixtures/model-folder'
import { fromFloat32, toFloat32 } from '../weights/dtype/float32'
import { readSafetensors } from '../weights/safetensors/read-safetensors'
import type { Tensor } from '../weights/tensor'
import { dataFileBytes, exportLayout } from './export-layout'

const values = Float32Array.of(1, -2.5, 0, 1024)
const weight = (name: string, dtype: 'F32' | 'F16' | 'BF16') => ({
  ...{ name, dtype, shape: [4], data: fromFloat32(values, dtype) },
})

test('default: tensors keep their values; bfloat16 becomes float32', async () => {
  const source = safetensors('a.safetensors', [weight('a', 'BF16'), weight('b', 'F16'), weight('c', 'F32')])
  const { tensors, files } = exportLayout(new Map((await readSafetensors(source)).map((each) => [each.name, each])))
  expect(files.map(({ name }) => name)).toEqual(['model.onnx_data'])
  const chunks: Uint8Array[] = []
  for await (const chunk of dataFileBytes(files[0], [source])) chunks.push(chunk)
  const bytes = new Uint8Array(Buffer.concat(chunks))
  expect(bytes).toHaveLength(3 * 64)
  for (const [name, dtype] of [...'abc'].map((each, i) => [each, (['F32', 'F16', 'F32'] as const)[i]] as const)) {
    const { offset, byteLength, ...tensor } = tensors.get(name) as Tensor
    expect(tensor).toMatchObject({ dtype, shape: [4], file: 'model.onnx_data' })
    expect(toFloat32(bytes.subarray(offset, offset + byteLength), dtype)).toEqual(values)
  }
})

test('property: aligned places without overlap, in files that a browser can read', () => {
  const size = fc.integer({ min: 1, max: 999_999_999 })
  fc.assert(
    fc.property(fc.array(size, { maxLength: 12 }), (sizes) => {
      const tensors = sizes.map(
        (byteLength, i): Tensor => ({
          ...{ name: `t${i}`, dtype: 'U8', shape: [byteLength], file: 'a', offset: 0, byteLength },
        }),
      )
      const layout = exportLayout(new Map(tensors.map((each) => [each.name, each])))
      expect(layout.files.map(({ name }) => name)).toEqual(
        layout.files.map((_, i) => (i === 0 ? 'model.onnx_data' : `model.onnx_data_${i}`)),
      )
      for (const { name, tensors } of layout.files) {
        let end = 0
        for (const tensor of tensors) {
          const { file, offset, byteLength } = layout.tensors.get(tensor.name) as Tensor
          expect(file).toBe(name)
          expect(offset % 64).toBe(0)
          expect(offset).toBeGreaterThanOrEqual(end)
          end = offset + byteLength
        }
        expect(end).toBeLessThanOrEqual(2_000_000_000)
      }
      expect(layout.files.flatMap((file) => file.tensors)).toEqual(tensors)
    }),
  )
})
