import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type GgufTensor, gguf, llamaGguf } from '../../../test/fixtures/gguf'
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

test('behavior: the same model as its Hugging Face folder, number for number', async () => {
  const folder = demoFiles('tiny')
  const [theirs, ours] = [await inspectWeights([file()]), await inspectModel(folder)]
  expect(theirs.config).toMatchObject({ ...ours.config, normEpsilon: Math.fround(1e-5), ropes: expect.anything() })
  expect(theirs).toMatchObject({ parameters: ours.parameters, dtype: 'F16' })
  expect([...theirs.tensors.keys()].sort()).toEqual([...ours.tensors.keys()].sort())
  for (const name of ours.tensors.keys())
    expect(await readTensor([file()], theirs.tensors, name)).toEqual(await readTensor(folder, ours.tensors, name))
})

test('behavior: version 2, a folder with other files, a folder that has safetensors too', async () => {
  const old = gguf('a.gguf', tiny.metadata, tiny.tensors, 2)
  expect((await inspectWeights([named('README.md', 'hello'), old])).config.layers).toBe(4)
  expect(await inspectWeights([...demoFiles('tiny'), named('a.gguf', 'x')])).toMatchObject({ dtype: 'F16', card: {} })
})

test('behavior: Llama 3 keeps its rotary factors in a tensor', async () => {
  const data = (factor: number) => {
    const factors = Float32Array.from({ length: 16 }, (_, i) => {
      const turns = 8192 / (2 * Math.PI * 500_000 ** (i / 16))
      const smooth = Math.min(1, Math.max(0, (turns - 1) / 3))
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
  await expect(inspectWeights([file({}, with3(data(32)))])).rejects.toThrow('“rope_freqs.weight” in “tiny.gguf” has')
})

test.each([
  ['another architecture', { 'general.architecture': 'mamba' }, 'has the architecture “mamba”; of GGUF files, llama'],
  ['experts', { 'llama.expert_count': 8 }, 'is a mixture of experts'],
  ['no layers', { 'llama.block_count': 'four' }, 'the metadata of “tiny.gguf”: num_hidden_layers'],
  ['fewer layers', { 'llama.block_count': 3 }, '“blk.3.'],
  ['more layers', { 'llama.block_count': 5 }, '“model.layers.4.input_layernorm.weight” is missing; the metadata of'],
  ['odd alignment', { 'general.alignment': 0.5 }, 'general.alignment is 0.5'],
])('error: %s', async (_, change, message) => {
  await expect(inspectWeights([file(change)])).rejects.toThrow(message)
})

test('error: two files, and one that is published', async () => {
  await expect(inspectWeights([file(), named('b.gguf', 'x')])).rejects.toThrow('has 2 GGUF files')
})

describe('error: a broken header', () => {
  const ten = (name: string, shape: number[], data = new Uint8Array(64)): GgufTensor => ({
    name,
    shape,
    type: 'F32',
    data,
  })
  test.each([
    ['empty', () => named('a', ''), 'ends at byte 0, in the middle of its header'],
    ['not GGUF', () => named('a', 'safetensors'), 'does not begin with “GGUF”'],
    ['version 1', () => gguf('a', {}, [], 1), 'is GGUF of version 1'],
    ['big-endian', () => gguf('a', {}, [], 0x03000000), 'of version 50331648'],
    ['an endless list', () => gguf('a', { a: { texts: ['x'] } }, []), null],
    ['overlapping', () => gguf('a', {}, [ten('a', [16]), ten('a', [16])]), 'lists the tensor “a” twice'],
    ['five dimensions', () => gguf('a', {}, [ten('a', [1, 1, 1, 1, 16])]), 'has 5 dimensions'],
    ['cut short', () => gguf('a', {}, [ten('a', [1024])]), 'it is cut short'],
    ['hidden bytes', () => gguf('a', {}, [ten('a', [4], new Uint8Array(128))]), 'its tensors end at byte'],
    ['wrapping sizes', () => gguf('a', {}, [ten('a', [2 ** 40, 2 ** 40])]), 'which is 4835703278458516698824704 bytes'],
    ['an unread type', () => gguf('a', {}, [{ ...ten('a', [16]), type: 13 as never }]), 'is of type'],
    ['broken blocks', () => gguf('a', {}, [{ ...ten('a', [16]), type: 'Q8_0' }]), "not a multiple of Q8_0's 32"],
  ])('%s', async (_, make, message) => {
    const reading = readGguf(make())
    if (message === null) expect((await reading).tensors).toEqual([])
    else await expect(reading).rejects.toThrow(message)
  })
})

test('property: bytes flipped anywhere, any length: read or refused', async () => {
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
