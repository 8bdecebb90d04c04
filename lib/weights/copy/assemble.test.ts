import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import type { Tensor } from '../tensor'
import { assemble, copySegments } from './assemble'

const tensor = (name: string, offset: number, byteLength: number): Tensor => ({
  ...{ name, offset, byteLength, dtype: 'U8', shape: [byteLength], file: 'model.safetensors' },
})

async function gather(parts: AsyncIterable<Uint8Array>): Promise<number[]> {
  const all: number[] = []
  for await (const part of parts) all.push(...part)
  return all
}

const baseOf = (bytes: Uint8Array) => ({
  byteLength: bytes.length,
  slice: async (from: number, to: number) => bytes.slice(from, to),
})

test('default: edited tensors replace their bytes, all other bytes are those of the base', async () => {
  const layout = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(layout, fc.integer({ min: 0, max: 5 }), async (sizes, header) => {
      const tensors: Tensor[] = []
      const edits = new Map<string, Uint8Array>()
      let at = header
      for (const [i, [size, edited]] of sizes.entries()) {
        tensors.unshift(tensor(`t${i}`, at, size))
        if (edited) edits.set(`t${i}`, new Uint8Array(size).fill(255 - i))
        at += size
      }
      const base = Uint8Array.from({ length: at }, (_, i) => i % 200)
      const expected = [...base]
      for (const { name, offset } of tensors)
        for (const [i, byte] of edits.get(name)?.entries() ?? []) expected[offset + i] = byte
      const segments = copySegments(at, tensors, edits)
      expect(segments.reduce((sum, { length }) => sum + length, 0)).toBe(at)
      expect(await gather(assemble(segments, baseOf(base), edits))).toEqual(expected)
    }),
  )
})

test('error: an edit of another length', () => {
  const edits = new Map([['t', new Uint8Array(3)]])
  expect(() => copySegments(10, [tensor('t', 2, 4)], edits)).toThrow(
    kinmarkError('weights.edit-wrong-length', { tensor: 't', length: 3, expected: 4 }),
  )
})
