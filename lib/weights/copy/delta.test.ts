import { expect, test } from 'vitest'
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

test('default: a delta comes back as it was, in at most 4 KiB beyond its tensors', async () => {
  expect(await decodeDelta(file(bytes))).toEqual({ base, edits })
  expect(bytes.length - 12).toBeLessThan(4096)
})

test('error: a damaged tensor', async () => {
  const damaged = bytes.slice()
  damaged[damaged.length - 1] ^= 1
  await expect(decodeDelta(file(damaged))).rejects.toThrow('The tensor “b” in “delta.safetensors” has SHA-256')
})

test('error: ordinary weights, another format, a base that is none', async () => {
  await expect(decodeDelta(withHeader({}))).rejects.toThrow('is no delta: its metadata has no “kinmark_delta”')
  const about = (metadata: Record<string, string>) => decodeDelta(withHeader({ __metadata__: metadata }))
  await expect(about({ kinmark_delta: '2' })).rejects.toThrow('a delta of format 2; this program reads format 1')
  await expect(about({ kinmark_delta: '1', sha256: '{' })).rejects.toThrow('“sha256” in the metadata')
  await expect(about({ kinmark_delta: '1', sha256: '{}', base: '[{"path":1}]' })).rejects.toThrow(
    'does not name the base',
  )
})

test('error: an edit of a tensor that the base does not have', () => {
  expect(() => encodeDelta({ base, edits: new Map([['c', new Uint8Array(2)]]) }, tensors)).toThrow('no tensor “c”')
})
