import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
import { demoFiles, named, safetensors } from '../../test/fixtures/model-folder'
import { inspectModel } from './inspect-model'
import { readSafetensors } from './safetensors/read-safetensors'

const config = readFileSync('public/models/tiny/config.json', 'utf8')
const weights = demoFiles('tiny').find(({ path }) => path === 'model.safetensors') ?? named('', '')

async function shards(...parts: ((name: string) => boolean)[]) {
  const tensors = await Promise.all(
    (await readSafetensors(weights)).map(async ({ name, dtype, shape, offset, byteLength }) => {
      return { name, dtype, shape, data: await weights.bytes.slice(offset, offset + byteLength) }
    }),
  )
  return parts.map((part, i) =>
    safetensors(
      `model-${i + 1}.safetensors`,
      tensors.filter(({ name }) => part(name)),
    ),
  )
}

test('default', async () => {
  const model = await inspectModel(demoFiles('tiny'))
  expect(model.parameters).toBe(1_967_808)
  expect(model.sizeBytes).toBe(3_935_616)
  expect(model.dtype).toBe('F16')
  expect(model.tensors.size).toBe(38)
  expect(model.config.family).toBe('llama')
  expect(model.card).toMatchObject({ title: 'tiny', licence: 'cc0-1.0', task: 'text-generation' })
  expect(model.card?.summary).toMatch(/^A 2 M-parameter Llama/)
})

test('behavior: shards with an index', async () => {
  const files = await shards(
    (name) => name < 'model.layers.2',
    (name) => name >= 'model.layers.2',
  )
  const map = { 'model.embed_tokens.weight': 'model-1.safetensors', 'model.norm.weight': 'model-2.safetensors' }
  const index = (weight_map: unknown) => named('model.safetensors.index.json', JSON.stringify({ weight_map }))
  const folder = [named('config.json', config), ...files]
  expect((await inspectModel([...folder, index(map)])).tensors.size).toBe(38)
  await expect(
    inspectModel([
      ...folder,
      index({
        ...map,
        'model.norm.weight': 'model-1.safetensors',
        'model.layers.3.input_layernorm.weight': 'model-2.safetensors',
      }),
    ]),
  ).rejects.toThrow(
    kinmarkError('weights.index-mismatch', {
      ...{ tensor: 'model.norm.weight', listed: 'model-1.safetensors', actual: 'model-2.safetensors' },
    }),
  )
  await expect(inspectModel([...folder, index({ ...map, x: 'model-3.safetensors' })])).rejects.toThrow(
    kinmarkError('weights.index-mismatch', { tensor: 'x', listed: 'model-3.safetensors', actual: null }),
  )
  await expect(inspectModel([...folder, index(7)])).rejects.toThrow(kinmarkError('weights.index-invalid'))
  await expect(inspectModel([...folder, ...(await shards((name) => name === 'model.norm.weight'))])).rejects.toThrow(
    kinmarkError('weights.tensor-twice', { tensor: 'model.norm.weight' }),
  )
})

const other = (change: object) => JSON.stringify({ ...JSON.parse(config), ...change })

test.each([
  ['no config', { 'config.json': null }, kinmarkError('weights.config-missing', { path: 'config.json' })],
  ['an empty config', { 'config.json': '' }, kinmarkError('weights.file-empty', { path: 'config.json' })],
  [
    'a binary config',
    { 'config.json': Uint8Array.of(0xff, 0xfe) },
    kinmarkError('weights.not-utf8', { path: 'config.json' }),
  ],
  ['no weights', { 'model.safetensors': null }, kinmarkError('weights.no-weights')],
  ['empty weights', { 'model.safetensors': '' }, kinmarkError('weights.file-empty', { path: 'model.safetensors' })],
  [
    'only a GGUF file',
    { 'model.safetensors': null, 'a.gguf': 'GGUF' },
    kinmarkError('weights.gguf-not-publishable', { path: 'a.gguf' }),
  ],
  [
    'a pickle by name',
    { 'model.safetensors': null, 'pytorch_model.bin': 'x' },
    kinmarkError('weights.wrong-format', { path: 'pytorch_model.bin', format: 'pickle' }),
  ],
  [
    'wider config',
    { 'config.json': other({ intermediate_size: 768 }) },
    kinmarkError('weights.shape-mismatch', { source: 'config.json', shape: [512, 192], expected: [768, 192] }),
  ],
  [
    'more layers',
    { 'config.json': other({ num_hidden_layers: 5 }) },
    kinmarkError('weights.tensor-missing', { tensor: 'model.layers.4.input_layernorm.weight' }),
  ],
  [
    'fewer layers',
    { 'config.json': other({ num_hidden_layers: 3 }) },
    kinmarkError('weights.tensor-unexpected', { tensor: 'model.layers.3.input_layernorm.weight' }),
  ],
  [
    'untied',
    { 'config.json': other({ tie_word_embeddings: false }) },
    kinmarkError('weights.tensor-missing', { tensor: 'lm_head.weight', source: 'config.json', shape: [2048, 192] }),
  ],
])('error: %s', async (_, change, expected) => {
  await expect(inspectModel(demoFiles('tiny', change as Record<string, string | null>))).rejects.toThrow(expected)
})

test('error: cut short', async () => {
  const bytes = new Uint8Array(readFileSync('public/models/tiny/model.safetensors')).subarray(0, 2_000_000)
  await expect(inspectModel(demoFiles('tiny', { 'model.safetensors': bytes }))).rejects.toThrow(
    kinmarkError('weights.tensor-cut-short', { path: 'model.safetensors', fileLength: 2_000_000 }),
  )
})

test.each(['F8_E4M3', 'F8_E5M2'])('error: weights in %s', async (dtype) => {
  const [file] = await shards((name) => name !== 'model.norm.weight')
  const norm = safetensors('b.safetensors', [
    { name: 'model.norm.weight', dtype, shape: [192], data: new Uint8Array(192) },
  ])
  await expect(inspectModel([named('config.json', config), file, norm])).rejects.toThrow(
    `“model.norm.weight” in “b.safetensors” is of type ${dtype}; F32, F16, BF16 can be read. Choose the release that is not in fp8.`,
  )
})

test('error: weights that are not floating point', async () => {
  const [file] = await shards((name) => name !== 'model.norm.weight')
  const norm = safetensors('b.safetensors', [
    { name: 'model.norm.weight', dtype: 'I8', shape: [192], data: new Uint8Array(192) },
  ])
  await expect(inspectModel([named('config.json', config), file, norm])).rejects.toThrow(
    kinmarkError('weights.tensor-type-unsupported', { tensor: 'model.norm.weight', type: 'I8' }),
  )
})
