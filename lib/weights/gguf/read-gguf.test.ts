import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type GgufTensor, gguf, llamaGguf, splitGguf } from '../../../test/fixtures/gguf'
import { familyGguf, ggufRecipes } from '../../../test/fixtures/gguf-families'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { demoFiles, named } from '../../../test/fixtures/model-folder'
import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { inspectModel } from '../inspect-model'
import { inspectWeights } from '../inspect-weights'
import { readTensor } from '../tensor'
import { readGguf } from './read-gguf'

let tiny: Awaited<ReturnType<typeof llamaGguf>>
beforeAll(async () => {
  tiny = await llamaGguf(demoFiles('tiny'), () => 'F16')
})

const file = (change: object = {}, tensors = tiny.tensors) =>
  gguf('tiny.gguf', { ...tiny.metadata, ...change } as typeof tiny.metadata, tensors)
const bytesOf = async ({ bytes }: NamedBytes) => bytes.slice(0, bytes.byteLength)

test('behavior: config and weights equal those of the Hugging Face folder', async () => {
  const folder = demoFiles('tiny')
  const [fromGguf, fromFolder] = [await inspectWeights([file()]), await inspectModel(folder)]
  expect(fromGguf.config).toMatchObject({
    ...fromFolder.config,
    normEpsilon: Math.fround(1e-5),
    ropes: expect.anything(),
  })
  expect(fromGguf).toMatchObject({ parameters: fromFolder.parameters, dtype: 'F16' })
  expect([...fromGguf.tensors.keys()].sort()).toEqual([...fromFolder.tensors.keys()].sort())
  for (const name of fromFolder.tensors.keys())
    expect(await readTensor([file()], fromGguf.tensors, name)).toEqual(
      await readTensor(folder, fromFolder.tensors, name),
    )
})

test('behavior: a split file is read as one', async () => {
  const parts = splitGguf('tiny', tiny.metadata, tiny.tensors, 3)
  const [whole, split] = [await inspectWeights([file()]), await inspectWeights(parts.toReversed())]
  expect(split.config).toEqual(whole.config)
  expect([...split.tensors.keys()]).toEqual([...whole.tensors.keys()])
  for (const name of whole.tensors.keys())
    expect(await readTensor(parts, split.tensors, name)).toEqual(await readTensor([file()], whole.tensors, name))
})

test('error: a part of a split file is missing, misnamed, or of another model', async () => {
  const [first, second] = splitGguf('tiny', tiny.metadata, tiny.tensors, 2)
  await expect(inspectWeights([first])).rejects.toThrow(
    kinmarkError('weights.gguf-part-missing', { path: 'tiny-00002-of-00002.gguf', count: 2 }),
  )
  const swapped = [
    { ...second, path: first.path },
    { ...first, path: second.path },
  ]
  await expect(inspectWeights(swapped)).rejects.toThrow(
    kinmarkError('weights.gguf-parts-mismatch', { path: first.path, expected: 1, found: '2 of 2' }),
  )
  const twice = splitGguf('tiny', tiny.metadata, [...tiny.tensors, tiny.tensors[0]], 2)
  await expect(inspectWeights(twice)).rejects.toThrow(kinmarkError('weights.tensor-twice'))
  await expect(inspectWeights([first, second, file()])).rejects.toThrow(kinmarkError('weights.several-gguf-files'))
})

test('behavior: linear scaling of 2023, which has no type', async () => {
  const { config } = await inspectWeights([file({ 'llama.rope.scale_linear': { float: 4 } })])
  expect(config.ropes?.full.scaling).toEqual({ rope_type: 'linear', factor: 4 })
})

test('behavior: version 1 and 2, a folder with other files, a folder that has safetensors too', async () => {
  for (const version of [1, 2]) {
    const old = gguf('a.gguf', tiny.metadata, tiny.tensors, version)
    expect((await inspectWeights([named('README.md', 'hello'), old])).config.layers).toBe(4)
  }
  expect(await inspectWeights([...demoFiles('tiny'), named('a.gguf', 'x')])).toMatchObject({ dtype: 'F16', card: {} })
})

test('behavior: Llama 3 has its rotary factors in a tensor', async () => {
  const data = (factor: number) => {
    const factors = Float32Array.from({ length: 16 }, (_, i) => {
      const rotations = 8192 / (2 * Math.PI * 500_000 ** (i / 16))
      const smooth = Math.min(1, Math.max(0, (rotations - 1) / 3))
      return 1 / ((1 - smooth) / factor + smooth)
    })
    return new Uint8Array(factors.buffer)
  }
  const with3 = (bytes: Uint8Array) => [
    ...tiny.tensors,
    { name: 'rope_freqs.weight', shape: [16], type: 'F32' as const, data: bytes },
  ]
  const theta = { 'llama.rope.freq_base': 500_000 }
  const { config } = await inspectWeights([file(theta, with3(data(32)))])
  expect(config.ropes?.full).toMatchObject({
    theta: 500_000,
    original: 8192,
    scaling: { rope_type: 'llama3', factor: 32 },
  })
  await expect(inspectWeights([file({}, with3(data(32)))])).rejects.toThrow(
    kinmarkError('weights.rope-factor-unexpected', { tensor: 'rope_freqs.weight', path: 'tiny.gguf' }),
  )
})

test('behavior: layers that only guess tokens ahead are left unread', async () => {
  const { file: plain } = await familyGguf('qwen3_5, heads of one size', 'qwen35', {})
  const { metadata, tensors } = await readGguf(plain)
  const draft = ['blk.4.nextn.eh_proj.weight', 'blk.4.attn_norm.weight'].map(
    (name): GgufTensor => ({ name, shape: [8], type: 'F32', data: new Uint8Array(32) }),
  )
  const rest = await Promise.all(
    tensors.map(async ({ name, shape, offset, byteLength }): Promise<GgufTensor> => {
      return { name, shape, type: 'F32', data: await plain.bytes.slice(offset, offset + byteLength) }
    }),
  )
  const kept = [...metadata].filter(([, value]) => typeof value !== 'object') as [string, string][]
  const sections = { 'qwen35.rope.dimension_sections': { ints: [2, 1, 1, 0] } }
  const more = { 'qwen35.block_count': 5, 'qwen35.nextn_predict_layers': 1 }
  const longer = gguf('qwen.gguf', { ...Object.fromEntries(kept), ...sections, ...more }, [...rest, ...draft])
  const [before, after] = [await inspectWeights([plain]), await inspectWeights([longer])]
  expect(after.config.layers).toBe(4)
  expect([...after.tensors.keys()].sort()).toEqual([...before.tensors.keys()].sort())
})

test('error: what the family cannot compute is refused, not ignored', async () => {
  const changed = async (recipe: string, architecture: string, change: Record<string, number | boolean>) => {
    const { file: plain } = await familyGguf(recipe, architecture, {})
    const { metadata } = await readGguf(plain)
    const kept = [...metadata].filter(([, value]) => typeof value !== 'object') as [string, string][]
    return inspectWeights([gguf('a.gguf', { ...Object.fromEntries(kept), ...change }, [])])
  }
  await expect(changed('lfm2', 'lfm2', { 'lfm2.attention.sliding_window': 8 })).rejects.toThrow(
    kinmarkError('weights.setting-unsupported', { setting: 'lfm2.attention.sliding_window', value: '8' }),
  )
  await expect(changed('lfm2', 'lfm2', { 'lfm2.attention.causal': false })).rejects.toThrow(
    kinmarkError('weights.setting-unsupported', { setting: 'lfm2.attention.causal' }),
  )
  await expect(changed('granitemoehybrid', 'granitehybrid', { 'granitehybrid.expert_count': 4 })).rejects.toThrow(
    kinmarkError('weights.mixture-of-experts'),
  )
})

test.each([
  [
    'another architecture',
    { 'general.architecture': 'mamba' },
    kinmarkError('weights.gguf-architecture-unsupported', { architecture: 'mamba', path: 'tiny.gguf' }),
  ],
  ['experts', { 'llama.expert_count': 8 }, kinmarkError('weights.mixture-of-experts')],
  [
    'no layers',
    { 'llama.block_count': 'four' },
    kinmarkError('weights.setting-invalid', { source: 'tiny.gguf', setting: 'num_hidden_layers' }),
  ],
  [
    'layers that are no number of layers',
    { 'llama.block_count': { float: 2.5 } },
    kinmarkError('weights.setting-invalid', { setting: 'num_hidden_layers' }),
  ],
  [
    'more layers that guess ahead than layers',
    { 'llama.nextn_predict_layers': 9 },
    kinmarkError('weights.setting-invalid', { setting: 'num_hidden_layers' }),
  ],
  [
    'fewer layers',
    { 'llama.block_count': 3 },
    kinmarkError('weights.tensor-unexpected', { tensor: expect.stringMatching(/^blk\.3\./), source: 'tiny.gguf' }),
  ],
  [
    'more layers',
    { 'llama.block_count': 5 },
    kinmarkError('weights.tensor-missing', { tensor: 'model.layers.4.input_layernorm.weight', source: 'tiny.gguf' }),
  ],
  ['odd alignment', { 'general.alignment': 0.5 }, kinmarkError('weights.gguf-alignment-invalid', { alignment: '0.5' })],
])('error: %s', async (_, change, expected) => {
  await expect(inspectWeights([file(change)])).rejects.toThrow(expected)
})

test('error: two GGUF files', async () => {
  await expect(inspectWeights([file(), named('b.gguf', 'x')])).rejects.toThrow(
    kinmarkError('weights.several-gguf-files', { paths: ['tiny.gguf', 'b.gguf'] }),
  )
})

describe('error: a broken header', () => {
  const ten = (name: string, shape: number[], data = new Uint8Array(64)): GgufTensor => ({
    name,
    shape,
    type: 'F32',
    data,
  })
  test.each([
    ['empty', () => named('a', ''), kinmarkError('weights.header-cut-short', { byteLength: 0 })],
    ['not GGUF', () => named('a', 'safetensors'), kinmarkError('weights.not-gguf')],
    ['version 4', () => gguf('a', {}, [], 4), kinmarkError('weights.gguf-version-unsupported', { version: 4 })],
    ['big-endian', () => gguf('a', {}, [], 0x03000000), kinmarkError('weights.gguf-big-endian')],
    ['a list of texts', () => gguf('a', { a: { texts: ['x'] } }, []), null],
    [
      'overlapping',
      () => gguf('a', {}, [ten('a', [16]), ten('a', [16])]),
      kinmarkError('weights.listed-twice', { name: 'a' }),
    ],
    [
      'five dimensions',
      () => gguf('a', {}, [ten('a', [1, 1, 1, 1, 16])]),
      kinmarkError('weights.too-many-dimensions', { dimensions: 5 }),
    ],
    ['cut short', () => gguf('a', {}, [ten('a', [1024])]), kinmarkError('weights.tensor-cut-short')],
    [
      'trailing bytes',
      () => gguf('a', {}, [ten('a', [4], new Uint8Array(128))]),
      kinmarkError('weights.trailing-bytes'),
    ],
    [
      'wrapping sizes',
      () => gguf('a', {}, [ten('a', [2 ** 40, 2 ** 40])]),
      kinmarkError('weights.tensor-too-large', { byteLength: 4835703278458516698824704n }),
    ],
    [
      'an unsupported type',
      () => gguf('a', {}, [{ ...ten('a', [16]), type: 16 as never }]),
      kinmarkError('weights.tensor-type-unsupported', { type: 'IQ2_XXS' }),
    ],
    [
      'broken blocks',
      () => gguf('a', {}, [{ ...ten('a', [16]), type: 'Q8_0' }]),
      kinmarkError('weights.row-not-whole-blocks', { row: 16, type: 'Q8_0', block: 32 }),
    ],
  ])('%s', async (_, make, expected) => {
    const reading = readGguf(make())
    if (expected === null) expect((await reading).tensors).toEqual([])
    else await expect(reading).rejects.toThrow(expected)
  })
})

test('property: a file with changed bytes, of any length, is either read or rejected', async () => {
  const whole = await bytesOf(file())
  const header = whole.length - tiny.tensors.reduce((sum, { data }) => sum + Math.ceil(data.length / 32) * 32, 0)
  const flips = fc.array(fc.tuple(fc.nat(header), fc.nat(255)), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(flips, fc.option(fc.nat(whole.length)), async (changes, length) => {
      const bytes = whole.slice(0, length ?? whole.length)
      for (const [at, value] of changes) bytes[at] = value
      await inspectWeights([named('a.gguf', bytes)]).catch((error) => {
        if (!(error instanceof KinmarkError)) throw error
      })
    }),
    { numRuns: 200 },
  )
})

test('property: a file of any architecture with other numbers in its metadata is either read or rejected', async () => {
  const made = await Promise.all(ggufRecipes.map((recipe) => familyGguf(...recipe)))
  const wholes = await Promise.all(made.map(async ({ file: whole }) => bytesOf(whole)))
  const numbers = fc.oneof(
    fc.nat(8).map((value) => new Uint8Array(Uint32Array.of(value).buffer)),
    fc.integer().map((value) => new Uint8Array(Int32Array.of(value).buffer)),
    fc.float().map((value) => new Uint8Array(Float32Array.of(value).buffer)),
  )
  const places = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), numbers), { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...wholes), places, async (whole, changes) => {
      const bytes = whole.slice()
      const found = valuesIn(bytes)
      for (const [where, value] of changes) bytes.set(value, found[Math.floor(where * (found.length - 1))])
      await inspectWeights([named('a.gguf', bytes)]).catch((error) => {
        if (!(error instanceof KinmarkError)) throw error
      })
    }),
    { numRuns: 400 },
  )
})

/** Where the values of four bytes are in a file's metadata, found by the last letters of their keys and their types. */
function valuesIn(bytes: Uint8Array): number[] {
  const [four, six] = [4, 6]
  const isLetter = (byte: number) => /[a-z]/.test(String.fromCharCode(byte))
  return Array.from({ length: 8192 }, (_, at) => at).filter((at) => {
    const [before, type, ...zeros] = bytes.subarray(at - 5, at)
    return isLetter(before) && type >= four && type <= six && zeros.every((byte) => byte === 0)
  })
}
