import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KinmarkError } from '../../error'
import { parseConfig } from './config'

const tiny = JSON.parse(readFileSync('public/models/tiny/config.json', 'utf8'))
const changed = (change: object) => JSON.stringify({ ...tiny, ...change })

test('default', () => {
  const rope = { theta: 10_000, dim: 32, original: 512, stretch: 1, scaling: { rope_type: 'default' } }
  expect(parseConfig(JSON.stringify(tiny))).toEqual({
    family: 'llama',
    prefix: 'model.',
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
    biased: [],
    embeddingScale: 1,
    attentionScale: 32 ** -0.5,
    attentionCap: null,
    logitCap: null,
    windows: [null, null, null, null],
    ropes: { full: rope, windowed: rope },
    tied: true,
    bos: 0,
  })
})

test('behavior: what is left out is what Hugging Face takes', () => {
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

test('behavior: each family has its own defaults', () => {
  expect(parseConfig(configWith('mistral')).windows).toEqual(Array(6).fill(4096))
  expect(parseConfig(configWith('mistral', { sliding_window: null })).windows).toEqual(Array(6).fill(null))
  expect(parseConfig(configWith('qwen2', { sliding_window: 8 }))).toMatchObject({
    biased: ['q', 'k', 'v'],
    windows: Array(6).fill(null),
  })
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
    windows: [4096, null, 4096, null, 4096, null],
  })
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

test('behavior: two kinds of layers, in the words of both versions of Transformers', () => {
  const old = { rope_theta: 1e6, rope_local_base_freq: 1e4, rope_scaling: { rope_type: 'linear', factor: 8 } }
  const full_attention = { rope_type: 'linear', factor: 8, rope_theta: 1e6 }
  const rope_parameters = { full_attention, sliding_attention: { rope_type: 'default', rope_theta: 1e4 } }
  const types = [...Array(5).fill('sliding_attention'), 'full_attention']
  const config = parseConfig(configWith('gemma3_text', old))
  expect(parseConfig(configWith('gemma3_text', { rope_parameters, layer_types: types }))).toEqual(config)
  expect(config.windows).toEqual([4096, 4096, 4096, 4096, 4096, null])
  expect(config.ropes).toMatchObject({
    full: { theta: 1e6, scaling: { rope_type: 'linear' } },
    windowed: { theta: 1e4, scaling: { rope_type: 'default' } },
  })
})

test('behavior: dynamic scaling and YaRN reach further than the pretraining', () => {
  const dynamic = { rope_scaling: { type: 'dynamic', factor: 4 } }
  expect(parseConfig(changed(dynamic)).maxPositions).toBe(2048)
  const yarn = { rope_scaling: { rope_type: 'yarn', factor: 2, original_max_position_embeddings: 512 } }
  expect(parseConfig(changed(yarn)).maxPositions).toBe(1024)
})

test.each([
  ['{', 'is not JSON'],
  ['[]', 'does not say its model_type'],
  [
    changed({ model_type: 'bert', architectures: ['BertModel'] }),
    '“bert” (BertModel); supported so far: llama, mistral,',
  ],
  [changed({ architectures: ['LlamaForSequenceClassification'] }), '(LlamaForSequenceClassification)'],
  [changed({ hidden_act: 'xielu' }), 'sets hidden_act to "xielu", which is not supported yet'],
  [changed({ attention_bias: 'yes' }), 'attention_bias'],
  [changed({ rope_scaling: { type: 'linear' } }), 'rope_scaling.factor'],
  [changed({ rope_parameters: { rope_type: 'xrope' } }), 'sets rope_parameters.rope_type to "xrope"'],
  [changed({ quantization_config: { bits: 4 } }), 'sets quantization_config'],
  [configWith('gpt2'), '“config.json”: n_embd'],
  [configWith('gpt2', { scale_attn_by_inverse_layer_idx: true }), 'sets scale_attn_by_inverse_layer_idx to true'],
  [configWith('mixtral'), 'says model_type “mixtral” (no architecture)'],
  [configWith('qwen3', { layer_types: ['full_attention'] }), 'layer_types has 1 entries for num_hidden_layers 6'],
  [
    configWith('phi3', { rope_scaling: { type: 'su', short_factor: [1], long_factor: [1, 2] } }),
    'rope_scaling.short_factor has 1 numbers for 8 pairs of dimensions',
  ],
  [changed({ hidden_size: 2 ** 60 }), 'hidden_size'],
  [changed({ num_hidden_layers: -1 }), 'num_hidden_layers'],
  [changed({ vocab_size: 'many' }), 'vocab_size'],
  [changed({ num_key_value_heads: 4 }), 'num_attention_heads 6 is not a multiple of num_key_value_heads 4'],
  [changed({ head_dim: null, num_attention_heads: 7 }), 'hidden_size 192 is not a multiple of num_attention_heads 7'],
  [changed({ head_dim: 31 }), '31 dimensions of head_dim 31 turn'],
  [changed({ bos_token_id: 2048 }), 'bos_token_id 2048 is outside the vocabulary of 2048'],
])('error: %s', (text, message) => {
  expect(() => parseConfig(text)).toThrow(message)
})

test('property: any JSON anywhere is read or refused', () => {
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
