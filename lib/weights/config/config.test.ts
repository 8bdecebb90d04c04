import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { KinmarkError } from '../../error'
import { parseConfig } from './config'

const tiny = JSON.parse(readFileSync('public/models/tiny/config.json', 'utf8'))
const changed = (change: object) => JSON.stringify({ ...tiny, ...change })

test('default', () => {
  const rope = { theta: 10_000, dim: 32, original: 512, extension: 1, scaling: { rope_type: 'default' } }
  const block = { mixer: 'attention', headDim: 32, kvHeads: 2, ff: 512, window: null, rope: 'full', keysOf: null }
  expect(parseConfig(JSON.stringify(tiny))).toEqual({
    family: 'llama',
    prefix: 'model.',
    headName: 'lm_head',
    hidden: 192,
    ff: 512,
    layers: 4,
    heads: 6,
    kvHeads: 2,
    headDim: 32,
    vocab: 2048,
    maxPositions: 512,
    normEpsilon: 1e-5,
    activation: 'silu',
    parallel: false,
    gateUpApart: false,
    biased: [],
    embeddingScale: 1,
    attentionScale: 32 ** -0.5,
    residualScale: 1,
    logitScale: 1,
    attentionCap: null,
    logitCap: null,
    blocks: Array(4).fill({ ...block, valuesAreKeys: false, hasExperts: false }),
    ropes: { full: rope, windowed: rope },
    queryGrowth: null,
    delta: null,
    shortConv: null,
    mamba: null,
    layerInput: null,
    experts: null,
    tied: true,
    bos: 0,
  })
})

test('behavior: omitted settings have the defaults of Hugging Face', () => {
  const { num_key_value_heads, head_dim, rope_theta, bos_token_id, ...rest } = tiny
  const config = parseConfig(JSON.stringify({ ...rest, num_attention_heads: 4, rope_parameters: { rope_theta: 5e5 } }))
  expect(config).toMatchObject({ kvHeads: 4, headDim: 48, ropes: { full: { theta: 500_000 } }, bos: 0 })
})

const sizes = {
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 6,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 100,
}
const configWith = (model_type: string, change: object = {}) => JSON.stringify({ model_type, ...sizes, ...change })
const windowsOf = (text: string) => parseConfig(text).blocks.map(({ window }) => window)

test('behavior: each family has its own defaults', () => {
  expect(windowsOf(configWith('mistral'))).toEqual(Array(6).fill(4096))
  expect(windowsOf(configWith('mistral', { sliding_window: null }))).toEqual(Array(6).fill(null))
  expect(parseConfig(configWith('qwen2', { sliding_window: 8 })).biased).toEqual(['q', 'k', 'v'])
  expect(windowsOf(configWith('qwen2', { sliding_window: 8 }))).toEqual(Array(6).fill(null))
  expect(parseConfig(configWith('qwen3')).headDim).toBe(128)
  expect(parseConfig(configWith('gemma', { hidden_act: 'gelu', hidden_activation: null }))).toMatchObject({
    activation: 'gelu_tanh',
    embeddingScale: 8,
    headDim: 256,
    tied: true,
  })
  expect(parseConfig(configWith('gemma2'))).toMatchObject({
    attentionCap: 50,
    logitCap: 30,
    attentionScale: 1 / 16,
  })
  expect(windowsOf(configWith('gemma2'))).toEqual([4096, null, 4096, null, 4096, null])
  expect(parseConfig(configWith('gpt_neox'))).toMatchObject({
    kvHeads: 4,
    parallel: true,
    ropes: { full: { dim: 4 } },
    biased: ['up', 'down', 'q', 'k', 'v', 'qkv', 'attentionOut'],
  })
  expect(
    parseConfig(JSON.stringify({ model_type: 'gpt2', n_embd: 64, n_layer: 2, n_head: 4, vocab_size: 9 })),
  ).toMatchObject({ ff: 256, maxPositions: 1024, ropes: null, activation: 'gelu_tanh', tied: true })
})

test('behavior: two kinds of layers, with the setting names of Transformers 4 and 5', () => {
  const old = { rope_theta: 1e6, rope_local_base_freq: 1e4, rope_scaling: { rope_type: 'linear', factor: 8 } }
  const full_attention = { rope_type: 'linear', factor: 8, rope_theta: 1e6 }
  const rope_parameters = { full_attention, sliding_attention: { rope_type: 'default', rope_theta: 1e4 } }
  const types = [...Array(5).fill('sliding_attention'), 'full_attention']
  const config = parseConfig(configWith('gemma3_text', old))
  expect(parseConfig(configWith('gemma3_text', { rope_parameters, layer_types: types }))).toEqual(config)
  expect(windowsOf(configWith('gemma3_text', old))).toEqual([4096, 4096, 4096, 4096, 4096, null])
  expect(config.ropes).toMatchObject({
    full: { theta: 1e6, scaling: { rope_type: 'linear' } },
    windowed: { theta: 1e4, scaling: { rope_type: 'default' } },
  })
})

test('behavior: dynamic scaling and YaRN extend the positions of the pretraining', () => {
  const dynamic = { rope_scaling: { type: 'dynamic', factor: 4 } }
  expect(parseConfig(changed(dynamic)).maxPositions).toBe(2048)
  const yarn = { rope_scaling: { rope_type: 'yarn', factor: 2, original_max_position_embeddings: 512 } }
  expect(parseConfig(changed(yarn)).maxPositions).toBe(1024)
})

const supported = expect.arrayContaining(['llama', 'mistral', 'gpt2'])
const setting = (name: string) => kinmarkError('weights.setting-invalid', { setting: name })
const unsupported = (name: string, value: string) =>
  kinmarkError('weights.setting-unsupported', { source: 'config.json', setting: name, value })
const wrongLength = (name: string, length: number, expected: number) =>
  kinmarkError('weights.setting-wrong-length', { setting: name, length, expected })

test.each([
  ['{', kinmarkError('weights.not-json', { path: 'config.json' })],
  ['[]', kinmarkError('weights.model-type-missing')],
  [
    changed({ model_type: 'bert', architectures: ['BertModel'] }),
    kinmarkError('weights.kind-unsupported', { source: 'config.json', modelType: 'bert', kind: 'encoder' }),
  ],
  [
    changed({ architectures: ['LlamaForSequenceClassification'] }),
    kinmarkError('weights.family-unsupported', { architecture: 'LlamaForSequenceClassification' }),
  ],
  [changed({ hidden_act: 'xielu' }), unsupported('hidden_act', '"xielu"')],
  [changed({ attention_bias: 'yes' }), setting('attention_bias')],
  [changed({ rope_scaling: { type: 'linear' } }), setting('rope_scaling.factor')],
  [changed({ rope_parameters: { rope_type: 'xrope' } }), unsupported('rope_parameters.rope_type', '"xrope"')],
  [
    changed({ quantization_config: { quant_method: 'awq', bits: 4 } }),
    kinmarkError('weights.quantised', { path: 'config.json', method: 'awq, 4 bits' }),
  ],
  [
    changed({ quantization: { group_size: 64, bits: 4 } }),
    kinmarkError('weights.quantised', { method: 'MLX, 4 bits' }),
  ],
  [configWith('gpt2'), setting('n_embd')],
  [
    configWith('gpt2', { scale_attn_by_inverse_layer_idx: true }),
    unsupported('scale_attn_by_inverse_layer_idx', 'true'),
  ],
  [configWith('mixtral'), kinmarkError('weights.kind-unsupported', { modelType: 'mixtral', kind: 'experts' })],
  [
    configWith('granitemoehybrid', { num_local_experts: 32 }),
    kinmarkError('weights.kind-unsupported', { kind: 'experts' }),
  ],
  [configWith('xyz'), kinmarkError('weights.family-unsupported', { modelType: 'xyz', architecture: null, supported })],
  [configWith('qwen3', { layer_types: ['full_attention'] }), wrongLength('layer_types', 1, 6)],
  [
    configWith('phi3', { rope_scaling: { type: 'su', short_factor: [1], long_factor: [1, 2] } }),
    wrongLength('rope_scaling.short_factor', 1, 8),
  ],
  [changed({ hidden_size: 2 ** 60 }), setting('hidden_size')],
  [changed({ num_hidden_layers: -1 }), setting('num_hidden_layers')],
  [changed({ vocab_size: 'many' }), setting('vocab_size')],
  [
    changed({ num_key_value_heads: 4 }),
    kinmarkError('weights.setting-not-multiple', {
      ...{ setting: 'num_attention_heads', value: 6, of: 'num_key_value_heads', divisor: 4 },
    }),
  ],
  [
    changed({ head_dim: null, num_attention_heads: 7 }),
    kinmarkError('weights.setting-not-multiple', {
      ...{ setting: 'hidden_size', value: 192, of: 'num_attention_heads', divisor: 7 },
    }),
  ],
  [changed({ head_dim: 31 }), kinmarkError('weights.rotary-dimensions-odd', { dimensions: 31, headDim: 31 })],
  [changed({ bos_token_id: 2048 }), kinmarkError('weights.bos-outside-vocabulary', { token: 2048, vocab: 2048 })],
])('error: %s', (text, expected) => {
  expect(() => parseConfig(text)).toThrow(expected)
})

test('error: the sentence names the file that the config comes from', () => {
  const text = changed({ vocab_size: 'many' })
  expect(() => parseConfig(text)).toThrow('The setting vocab_size in “config.json” cannot be used: ')
  expect(() => parseConfig(text, 'a.gguf')).toThrow('The setting vocab_size in the metadata of “a.gguf” cannot be used')
})

test('property: any JSON in any setting is either read or rejected', () => {
  const change = fc.dictionary(fc.constantFrom(...Object.keys(tiny), 'rope_scaling', 'rope_parameters'), fc.jsonValue())
  fc.assert(
    fc.property(change, (values) => {
      try {
        parseConfig(changed(values))
      } catch (error) {
        if (!(error instanceof KinmarkError)) throw error
      }
    }),
    { numRuns: 2000 },
  )
})

test('behavior: experts in all layers but those that are listed, or in every second one', () => {
  const sparse = (change: object) => {
    const moe = { model_type: 'qwen3_moe', num_experts: 8, num_experts_per_tok: 2, moe_intermediate_size: 64 }
    const { blocks, experts } = parseConfig(changed({ ...moe, ...change }))
    return { has: blocks.map(({ hasExperts }) => hasExperts), experts }
  }
  const one = { biased: false, fused: false, inOut: false, limit: null }
  const experts = { count: 8, used: 2, ff: 64, normed: false, ...one }
  expect(sparse({ mlp_only_layers: [1] })).toEqual({ has: [true, false, true, true], experts })
  expect(sparse({ decoder_sparse_step: 2 }).has).toEqual([false, true, false, true])
  expect(sparse({ mlp_only_layers: [0, 1, 2, 3] }).experts).toBeNull()
  expect(() => sparse({ num_experts_per_tok: 9 })).toThrow(
    kinmarkError('weights.setting-invalid', { setting: 'num_experts_per_tok' }),
  )
})
