import { describe, expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { named, safetensors } from '../../../test/fixtures/model-folder'
import { randomModel } from '../../../test/reference/random-model'
import { type Recipe, recipes } from '../../../test/reference/recipes'
import type { NamedBytes } from '../bytes'
import type { WeightDtype } from '../dtype/dtype'
import { fromFloat32, toFloat32 } from '../dtype/float32'
import { inspectModel } from '../inspect-model'
import { readTensor } from '../tensor'
import { mergeAdapter } from './merge-adapter'
import { mergedFolder } from './merged-folder'

const module = 'model.layers.1.self_attn.q_proj'
const numbers = (count: number, factor = 1) =>
  Float32Array.from({ length: count }, (_, i) => (factor * ((i * 7) % 11)) / 40)

type Part = { name: string; shape: number[]; data: Float32Array; dtype?: WeightDtype }

/** An adapter of rank 2 of one 64 × 64 matrix, unless other tensors are given. */
function adapter(config: object, parts?: Part[]): NamedBytes[] {
  const tensors = parts ?? [
    { name: `base_model.model.${module}.lora_A.weight`, shape: [2, 64], data: numbers(128) },
    { name: `base_model.model.${module}.lora_B.weight`, shape: [64, 2], data: numbers(128, -1) },
  ]
  const settings = { peft_type: 'LORA', r: 2, lora_alpha: 8, base_model_name_or_path: 'org/base', ...config }
  return [
    named('adapter_config.json', JSON.stringify(settings)),
    safetensors(
      'adapter_model.safetensors',
      tensors.map(({ data, dtype = 'F32', ...rest }) => ({ ...rest, dtype, data: fromFloat32(data, dtype) })),
    ),
  ]
}

async function baseOf(recipe: Recipe = recipes.llama, dtype: WeightDtype = 'F32') {
  const { files, weights } = randomModel(recipe, dtype)
  return { files, weights, tensors: (await inspectModel(files)).tensors }
}

/** W + scale · B A of the adapter above, by its definition. */
function expected(data: ArrayLike<number>, scale: number): number[] {
  const [a, b] = [numbers(128), numbers(128, -1)]
  return Array.from(data, (w, at) => {
    const [i, j] = [Math.floor(at / 64), at % 64]
    return w + scale * (b[2 * i] * a[j] + b[2 * i + 1] * a[64 + j])
  })
}

const worst = (actual: ArrayLike<number>, wanted: readonly number[]) =>
  wanted.reduce((most, x, i) => Math.max(most, Math.abs(x - actual[i])), 0)

describe('default: B A is added with the right scale', () => {
  test.each([
    ['alpha / rank', {}, 4],
    ['alpha / √rank with use_rslora', { use_rslora: true }, 8 / Math.SQRT2],
    ['the alpha of its module', { alpha_pattern: { 'layers.1.self_attn.q_proj': 2 } }, 1],
    ['the alpha of a pattern', { alpha_pattern: { '.*layers\\.1\\..*(q_proj|k_proj)': 6 } }, 3],
    ['not the alpha of another module', { alpha_pattern: { 'layers.11.self_attn.q_proj': 2 } }, 4],
  ])('%s', async (_, config, scale) => {
    const base = await baseOf()
    const edits = await mergeAdapter(adapter(config), base)
    expect([...edits.keys()]).toEqual([`${module}.weight`])
    const merged = toFloat32(edits.get(`${module}.weight`) as Uint8Array, 'F32')
    expect(worst(merged, expected(base.weights(`${module}.weight`).data, scale))).toBeLessThan(1e-5)
  })
})

test('behavior: an adapter in bfloat16 on a base in float16', async () => {
  const base = await baseOf(recipes.llama, 'F16')
  const parts: Part[] = [
    { name: `base_model.model.${module}.lora_A.default.weight`, shape: [2, 64], data: numbers(128), dtype: 'BF16' },
    { name: `base_model.model.${module}.lora_B.default.weight`, shape: [64, 2], data: numbers(128, -1), dtype: 'BF16' },
  ]
  const merged = toFloat32((await mergeAdapter(adapter({}, parts), base)).get(`${module}.weight`) as Uint8Array, 'F16')
  expect(worst(merged, expected(base.weights(`${module}.weight`).data, 4))).toBeLessThan(0.02)
})

test('behavior: matrices stored as [in, out]', async () => {
  const base = await baseOf(recipes.gpt2)
  const name = 'transformer.h.0.mlp.c_fc'
  const [a, b] = [numbers(128), numbers(512, -1)]
  const parts: Part[] = [
    { name: `base_model.model.${name}.lora_A.weight`, shape: [2, 64], data: a },
    { name: `base_model.model.${name}.lora_B.weight`, shape: [256, 2], data: b },
  ]
  const edits = await mergeAdapter(adapter({ fan_in_fan_out: true }, parts), base)
  const wanted = Array.from(base.weights(`${name}.weight`).data, (w, at) => {
    const [j, i] = [Math.floor(at / 256), at % 256]
    return w + 4 * (b[2 * i] * a[j] + b[2 * i + 1] * a[64 + j])
  })
  expect(worst(toFloat32(edits.get(`${name}.weight`) as Uint8Array, 'F32'), wanted)).toBeLessThan(1e-5)
})

test('behavior: modules that were trained whole replace those of the base', async () => {
  const norm = numbers(64)
  const parts = ['modules_to_save.default.', ''].map((infix, i): Part => {
    return { name: `base_model.model.model.layers.${i}.input_layernorm.${infix}weight`, shape: [64], data: norm }
  })
  const edits = await mergeAdapter(adapter({}, parts), await baseOf())
  for (const layer of [0, 1])
    expect([...toFloat32(edits.get(`model.layers.${layer}.input_layernorm.weight`) as Uint8Array, 'F32')]).toEqual([
      ...norm,
    ])
})

test('behavior: an adapter of a text model fits it within one for images', async () => {
  const base = await baseOf(recipes.gemma3)
  const parts: Part[] = [
    { name: `base_model.model.${module}.lora_A.weight`, shape: [1, 64], data: numbers(64) },
    { name: `base_model.model.${module}.lora_B.weight`, shape: [96, 1], data: numbers(96) },
  ]
  expect([...(await mergeAdapter(adapter({}, parts), base)).keys()]).toEqual([`language_model.${module}.weight`])
})

test('behavior: the page makes a folder of the base with the merged tensors, and the adapter’s README', async () => {
  const { files, weights } = randomModel(recipes.llama, 'F32')
  const asFile = async ({ path, bytes }: NamedBytes) => {
    return { path, file: new File([(await bytes.slice(0, bytes.byteLength)) as BlobPart], path) }
  }
  const base = [...(await Promise.all(files.map(asFile))), { path: 'optimizer.pt', file: new File(['x'], 'x') }]
  const card = { path: 'README.md', file: new File(['# Mine'], 'README.md') }
  const merged = await mergedFolder([...(await Promise.all(adapter({}).map(asFile))), card], base)
  expect(merged.map(({ path }) => path)).toEqual(['config.json', 'model.safetensors', 'README.md'])
  const read = await Promise.all(
    merged.map(async ({ path, file }) => named(path, new Uint8Array(await file.arrayBuffer()))),
  )
  const { tensors, card: shown } = await inspectModel(read)
  expect(shown?.title).toBe('Mine')
  const changed = await readTensor(read, tensors, `${module}.weight`)
  expect(worst(changed, expected(weights(`${module}.weight`).data, 4))).toBeLessThan(1e-5)
  const other = 'model.layers.2.mlp.down_proj.weight'
  expect([...(await readTensor(read, tensors, other))]).toEqual([...Array.from(weights(other).data)])
})

describe('error', () => {
  const part = (name: string, shape: number[]): Part => {
    return { name, shape, data: numbers(shape.reduce((a, b) => a * b, 1)) }
  }
  const [a, b] = ['A', 'B'].map((which) => `base_model.model.${module}.lora_${which}.weight`)
  test.each([
    ['another method', { peft_type: 'IA3' }, undefined, kinmarkError('weights.adapter-unsupported', { method: 'IA3' })],
    ['DoRA', { use_dora: true }, undefined, kinmarkError('weights.adapter-unsupported', { method: 'DoRA' })],
    [
      'a module that the base lacks',
      {},
      [part('base_model.model.x.lora_A.weight', [2, 64]), part('base_model.model.x.lora_B.weight', [64, 2])],
      kinmarkError('weights.adapter-target-unknown'),
    ],
    [
      'a head for a tied base',
      {},
      [part('base_model.model.lm_head.weight', [97, 64])],
      kinmarkError('weights.adapter-target-unknown'),
    ],
    ['A without B', {}, [part(a, [2, 64])], kinmarkError('weights.adapter-target-unknown', { tensor: a })],
    [
      'another width',
      {},
      [part(a, [2, 32]), part(b, [64, 2])],
      kinmarkError('weights.shape-mismatch', { tensor: a, expected: [2, 64] }),
    ],
    ['other ranks', {}, [part(a, [2, 64]), part(b, [64, 3])], kinmarkError('weights.shape-mismatch', { tensor: b })],
    [
      'more tokens',
      {},
      [part('base_model.model.model.embed_tokens.weight', [99, 64])],
      kinmarkError('weights.shape-mismatch', { shape: [99, 64] }),
    ],
    [
      'an impossible alpha',
      { lora_alpha: -1 },
      undefined,
      kinmarkError('weights.setting-invalid', { setting: 'lora_alpha' }),
    ],
    ['no weights', {}, [], kinmarkError('weights.no-weights')],
  ])('%s', async (_, config, parts, error) => {
    await expect(mergeAdapter(adapter(config, parts), await baseOf())).rejects.toThrow(error)
  })
})
