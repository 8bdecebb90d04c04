import { expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
import { blobBytes } from './bytes'

test('default: part of a blob', async () => {
  const { byteLength, slice } = blobBytes(new Blob(['abcd']))
  expect(byteLength).toBe(4)
  expect(new TextDecoder().decode(await slice(1, 3))).toBe('bc')
})

test.each([
  [
    'that changed after it was chosen',
    new DOMException('gone'),
    kinmarkError('weights.file-changed', { path: 'model.safetensors' }),
  ],
  ['with too little memory to read it', new RangeError('Array buffer allocation failed'), 'Array buffer allocation'],
])('error: a file %s', async (_, thrown, expected) => {
  const file = new File(['abcd'], 'model.safetensors')
  file.slice = () => {
    throw thrown
  }
  await expect(blobBytes(file).slice(0, 2)).rejects.toThrow(expected)
})
