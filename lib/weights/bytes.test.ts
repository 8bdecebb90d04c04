import { expect, test } from 'vitest'
import { blobBytes } from './bytes'

test('default: a stretch of a blob', async () => {
  const { byteLength, slice } = blobBytes(new Blob(['abcd']))
  expect(byteLength).toBe(4)
  expect(new TextDecoder().decode(await slice(1, 3))).toBe('bc')
})

test('error: a file that has changed since it was chosen is named', async () => {
  const file = new File(['abcd'], 'model.safetensors')
  file.slice = () => {
    throw new DOMException('The requested file could not be read', 'NotReadableError')
  }
  await expect(blobBytes(file).slice(0, 2)).rejects.toThrow('“model.safetensors” cannot be read any more')
})
