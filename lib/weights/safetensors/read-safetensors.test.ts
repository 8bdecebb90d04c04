import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { demoFiles, named, withHeader } from '../../../test/fixtures/model-folder'
import { KinmarkError } from '../../error'
import { readTensor } from '../tensor'
import { readMetadata, readSafetensors } from './read-safetensors'

const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})
const four = new Uint8Array(4)

const notContiguous = (wording: string) =>
  expect.objectContaining({ code: 'weights.tensors-not-contiguous', message: expect.stringContaining(wording) })

describe('readSafetensors', () => {
  test('default', async () => {
    const files = demoFiles('tiny')
    const file = files.find(({ path }) => path === 'model.safetensors')
    const tensors = await readSafetensors(file ?? files[0])
    expect(tensors).toHaveLength(38)
    expect(tensors[0]).toEqual({
      name: 'model.embed_tokens.weight',
      dtype: 'F16',
      shape: [2048, 192],
      file: 'model.safetensors',
      offset: 4376,
      byteLength: 786432,
    })
    const table = new Map(tensors.map((tensor) => [tensor.name, tensor]))
    const gain = await readTensor(files, table, 'model.norm.weight')
    expect(gain).toHaveLength(192)
    expect(gain.every((x) => x > 0 && x < 100)).toBe(true)
  })

  test('default: an empty list, and tensors without elements', async () => {
    expect(await readSafetensors(withHeader({}))).toEqual([])
    expect(
      await readSafetensors(withHeader({ a: entry('F32', [0, 5], 0, 0), b: entry('F32', [], 0, 4) }, four)),
    ).toHaveLength(2)
  })

  test.each([
    ['0 bytes', named('model.safetensors', ''), kinmarkError('weights.file-empty')],
    [
      '8 bytes',
      named('model.safetensors', new Uint8Array(8)),
      kinmarkError('weights.safetensors-too-short', { byteLength: 8, minimum: 10 }),
    ],
    [
      'header past the file',
      withHeader({}, four, 1000n),
      kinmarkError('weights.header-past-end', { length: 1000n, available: 6 }),
    ],
    ['header of 2^63', withHeader({}, four, 2n ** 63n), kinmarkError('weights.header-past-end', { length: 2n ** 63n })],
    ['not an object', withHeader('[]'), kinmarkError('weights.not-safetensors')],
    ['bad JSON', withHeader('{"a":'), kinmarkError('weights.header-not-json')],
    ['nested without end', withHeader(`{"a":${'['.repeat(1000)}`), kinmarkError('weights.header-too-deep')],
    [
      'not UTF-8',
      named('model.safetensors', Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0x7d)),
      kinmarkError('weights.header-not-utf8'),
    ],
    [
      'a zip',
      named('model.safetensors', 'PK\x03\x04\x14\x00\x08\x08abcdefgh'),
      kinmarkError('weights.wrong-format', { format: 'pickle' }),
    ],
    [
      'a pickle',
      named('model.safetensors', Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20)),
      kinmarkError('weights.wrong-format', { format: 'pickle' }),
    ],
    [
      'a GGUF',
      named('model.safetensors', 'GGUF\x03\x00\x00\x00abcdefgh'),
      kinmarkError('weights.wrong-format', { format: 'gguf' }),
    ],
    [
      'a Git LFS pointer',
      named('model.safetensors', 'version https://git-lfs.github.com/spec/v1\n'),
      kinmarkError('weights.wrong-format', { format: 'lfs-pointer' }),
    ],
    [
      'a name twice',
      withHeader('{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"\\u0061":{}}', four),
      kinmarkError('weights.listed-twice', { name: 'a' }),
    ],
    [
      'no description',
      withHeader({ a: 7 }),
      kinmarkError('weights.tensor-not-described', { tensor: 'a', path: 'model.safetensors' }),
    ],
    [
      'unknown type',
      withHeader({ a: entry('F12', [4], 0, 4) }, four),
      kinmarkError('weights.tensor-type-unknown', { type: 'F12' }),
    ],
    [
      'a type that is an object',
      withHeader({ a: { ...entry('U8', [4], 0, 4), dtype: { toString: 1, valueOf: 1 } } }, four),
      kinmarkError('weights.tensor-type-unknown', { type: '{"toString":1,"valueOf":1}' }),
    ],
    [
      'no type',
      withHeader({ a: { shape: [4], data_offsets: [0, 4] } }, four),
      kinmarkError('weights.tensor-type-unknown', { type: 'null' }),
    ],
    ['a negative dimension', withHeader({ a: entry('U8', [-4], 0, 4) }, four), kinmarkError('weights.shape-invalid')],
    ['a broken dimension', withHeader({ a: entry('U8', [0.5], 0, 4) }, four), kinmarkError('weights.shape-invalid')],
    [
      '2^60 elements',
      withHeader({ a: entry('F32', [2 ** 30, 2 ** 30], 0, 4) }, four),
      kinmarkError('weights.offsets-mismatch', { byteLength: 4611686018427387904n }),
    ],
    [
      'dimensions that wrap to 0',
      withHeader({ a: entry('F32', [2 ** 32, 2 ** 32], 0, 0) }),
      kinmarkError('weights.offsets-mismatch', { byteLength: 73786976294838206464n }),
    ],
    [
      'shape against bytes',
      withHeader({ a: entry('F32', [2], 0, 4) }, four),
      kinmarkError('weights.offsets-mismatch', { byteLength: 8n, begin: 0, end: 4 }),
    ],
    [
      'backwards',
      withHeader({ a: entry('U8', [4], 4, 0) }, four),
      kinmarkError('weights.offsets-mismatch', { begin: 4, end: 0 }),
    ],
    ['out of range', withHeader({ a: entry('F32', [2], 0, 8) }, four), kinmarkError('weights.tensor-cut-short')],
    [
      'overlapping',
      withHeader({ a: entry('U8', [3], 0, 3), b: entry('U8', [2], 2, 4) }, four),
      notContiguous('must not overlap'),
    ],
    [
      'a gap',
      withHeader({ a: entry('U8', [1], 0, 1), b: entry('U8', [2], 2, 4) }, four),
      notContiguous('must leave no gap'),
    ],
    ['bytes at the end', withHeader({ a: entry('U8', [3], 0, 3) }, four), kinmarkError('weights.trailing-bytes')],
    [
      'offsets as text',
      withHeader({ a: { dtype: 'U8', shape: [4], data_offsets: ['0', '4'] } }, four),
      kinmarkError('weights.offsets-invalid'),
    ],
  ])('error: %s', async (_, file, expected) => {
    const error = await readSafetensors(file).catch((e) => e)
    expect(error).toBeInstanceOf(KinmarkError)
    expect(error).toEqual(expected)
  })

  test('error: a header above the limit is not read', async () => {
    const file = withHeader({}, four, 25_000_001n)
    const slice = (from: number, to: number) =>
      to < 100 ? file.bytes.slice(from, to) : Promise.reject(new Error('read'))
    const bytes = { byteLength: 1e12, slice }
    await expect(readSafetensors({ path: 'a', bytes })).rejects.toThrow(
      kinmarkError('weights.header-too-long', { length: 25_000_001n, limit: 25_000_000 }),
    )
  })

  test('error: more tensors than the limit', async () => {
    const many = Object.fromEntries(Array.from({ length: 100_001 }, (_, i) => [`t${i}`, 0]))
    await expect(readSafetensors(withHeader(many))).rejects.toThrow(
      kinmarkError('weights.too-many-tensors', { count: 100_001, limit: 100_000 }),
    )
  })
})

test('behavior: metadata values that are not texts are read as JSON', async () => {
  const metadata = { format: 'pt', count: 7, nested: { toString: 1 } }
  expect(await readMetadata(withHeader({ __metadata__: metadata }))).toEqual({
    ...{ format: 'pt', count: '7', nested: '{"toString":1}' },
  })
})

describe('property: a hostile file is either read or rejected', () => {
  const whole = new Uint8Array(readFileSync('public/models/tiny/model.safetensors')).subarray(0, 4376)
  const header = JSON.parse(new TextDecoder().decode(whole.subarray(8)))

  /** Every byte of data is virtual: reading it, or asking for much at once, is the failure. */
  const virtual = (head: Uint8Array, byteLength: number) => ({
    path: 'model.safetensors',
    bytes: {
      byteLength,
      async slice(from: number, to: number) {
        expect(to).toBeLessThanOrEqual(byteLength)
        expect(to - from).toBeLessThan(25_000_000)
        return head.slice(from, to)
      },
    },
  })
  const survives = async (file: Parameters<typeof readSafetensors>[0]) => {
    try {
      const tensors = await readSafetensors(file)
      for (const { offset, byteLength } of tensors)
        expect(offset >= 8 && offset + byteLength <= file.bytes.byteLength).toBe(true)
    } catch (error) {
      if (!(error instanceof KinmarkError)) throw error
    }
  }

  test('bytes flipped anywhere', async () => {
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const head = whole.slice()
        for (const [at, value] of changes) head[at] = value
        await survives(virtual(head, 4_116_000))
      }),
      { numRuns: 1500 },
    )
  })

  test('any file length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(5_000_000), async (length) => survives(virtual(whole.subarray(0, length), length))),
      { numRuns: 500 },
    )
  })

  test('any value anywhere in the header', async () => {
    const names = Object.keys(header)
    const number = fc.oneof(fc.integer(), fc.constantFrom(2 ** 53, 2 ** 60, 1e308, -1, 0.1, 2 ** 32), fc.double())
    const value = fc.oneof(number, fc.array(number, { maxLength: 10 }), fc.jsonValue({ maxDepth: 3 }))
    const change = fc.tuple(fc.constantFrom(...names), fc.constantFrom('dtype', 'shape', 'data_offsets'), value)
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = structuredClone(header)
        for (const [name, field, to] of changes) changed[name][field] = to
        await survives(withHeader(changed, new Uint8Array(64)))
      }),
      { numRuns: 1500 },
    )
  })

  test('any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.json(), fc.string()),
        fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
        async (text, length) => survives(withHeader(text, four, length ?? undefined)),
      ),
      { numRuns: 1500 },
    )
  })
})
