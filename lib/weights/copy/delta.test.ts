import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { named, withHeader } from '../../../test/fixtures/model-folder'
import type { Tensor } from '../tensor'
import { decodeDelta, encodeDelta } from './delta'

const tensor = (name: string, length: number): [string, Tensor] => [
  name,
  { name, dtype: 'F16', shape: [length / 2], file: 'model.safetensors', offset: 0, byteLength: length },
]
const tensors = new Map([tensor('a', 8), tensor('b', 4)])
const base = [{ path: 'model.safetensors', size: 100, sha256: 'ab'.repeat(32) }]
const edits = new Map([
  ['a', Uint8Array.from({ length: 8 }, (_, i) => i)],
  ['b', Uint8Array.of(9, 8, 7, 6)],
])
const bytes = encodeDelta({ base, edits }, tensors)
const file = (content: Uint8Array) => named('delta.safetensors', content)

test('default: a decoded delta equals the encoded one; it takes at most 4 KiB more than its tensors', async () => {
  expect(await decodeDelta(file(bytes))).toEqual({ base, edits })
  expect(bytes.length - 12).toBeLessThan(4096)
})

test('error: a damaged tensor', async () => {
  const damaged = bytes.slice()
  damaged[damaged.length - 1] ^= 1
  await expect(decodeDelta(file(damaged))).rejects.toThrow(
    kinmarkError('weights.hash-mismatch', { tensor: 'b', path: 'delta.safetensors' }),
  )
})

test('error: ordinary weights, another format, a base that is missing', async () => {
  await expect(decodeDelta(withHeader({}))).rejects.toThrow(kinmarkError('weights.not-delta'))
  const about = (metadata: Record<string, string>) => decodeDelta(withHeader({ __metadata__: metadata }))
  await expect(about({ kinmark_delta: '2' })).rejects.toThrow(
    kinmarkError('weights.delta-format-unsupported', { format: '2', supported: '1' }),
  )
  await expect(about({ kinmark_delta: '1', sha256: '{' })).rejects.toThrow(
    kinmarkError('weights.metadata-field-not-json', { field: 'sha256' }),
  )
  await expect(about({ kinmark_delta: '1', sha256: '{}', base: '[{"path":1}]' })).rejects.toThrow(
    kinmarkError('weights.delta-base-invalid'),
  )
})

test('error: an edit of a tensor that the base does not have', () => {
  expect(() => encodeDelta({ base, edits: new Map([['c', new Uint8Array(2)]]) }, tensors)).toThrow(
    kinmarkError('weights.tensor-unknown', { tensor: 'c' }),
  )
})
