import { expect, test } from 'vitest'
import { blobBytes } from './bytes'

test('default: a stretch of a blob', async () => {
  const { byteLength, slice } = blobBytes(new Blob(['abcd']))
  expect(byteLength).toBe(4)
  expect(new TextDecoder().decode(await slice(1, 3))).toBe('bc')
})

test.each([
  [
    'that has changed since it was chosen is named',
    new DOMException('gone'),
    '“model.safetensors” cannot be read any more',
  ],
  ['that finds no memory is not blamed', new RangeError('Array buffer allocation failed'), 'Array buffer allocation'],
])('error: a file %s', async (_, thrown, message) => {
  const file = new File(['abcd'], 'model.safetensors')
  file.slice = () => {
    throw thrown
  }
  await expect(blobBytes(file).slice(0, 2)).rejects.toThrow(message)
})
