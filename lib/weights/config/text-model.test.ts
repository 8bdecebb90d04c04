import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import { recipes } from '../../../test/reference/recipes'
import { parseConfig } from './config'

const parsed = (config: object) => parseConfig(JSON.stringify(config))
const small = { hidden_size: 64, intermediate_size: 96, num_hidden_layers: 2, num_attention_heads: 4, vocab_size: 100 }

test('default: the text model of a model for images is that of its text_config', () => {
  expect(parsed(recipes.qwen3_5.config)).toEqual(parsed(recipes['qwen3_5, text only'].config))
  expect(parsed({ model_type: 'gemma3', text_config: small })).toMatchObject({ family: 'gemma3_text', vocab: 100 })
  expect(parsed({ model_type: 'mistral3', text_config: { ...small, model_type: 'ministral3' } }).family).toBe(
    'ministral3',
  )
})

test('behavior: settings around the text_config apply where it has none', () => {
  const outer = { model_type: 'mistral3', tie_word_embeddings: true, bos_token_id: 7 }
  expect(parsed({ ...outer, text_config: small })).toMatchObject({ tied: true, bos: 7 })
  const text_config = { ...small, tie_word_embeddings: false, bos_token_id: 1 }
  expect(parsed({ ...outer, text_config })).toMatchObject({ tied: false, bos: 1 })
})

test.each(['LLaMAForCausalLM', 'LlamaModel', 'LlamaForConditionalGeneration'])(
  'behavior: the class %s is read as its model_type says',
  (architecture) => {
    expect(parsed({ ...small, model_type: 'llama', architectures: [architecture] }).family).toBe('llama')
  },
)

test.each([
  ['qwen2_moe', {}, 'experts' as const],
  ['qwen3', { num_experts: 8 }, 'experts' as const],
  ['an_unknown_one', { num_experts: 8 }, 'experts' as const],
  ['gemma4_text', { enable_moe_block: true }, 'experts' as const],
  ['llava', {}, 'images' as const],
  ['an_unknown_one', { vision_config: {} }, 'images' as const],
  ['whisper', {}, 'sound' as const],
  ['t5', {}, 'translation' as const],
  ['modernbert', {}, 'encoder' as const],
  ['mamba2', {}, 'recurrent' as const],
  ['llada', {}, 'diffusion' as const],
  ['llama', { _diffusers_version: '0.30.0' }, 'diffusion' as const],
])('error: %s with %j is refused by its kind', (modelType, change, kind) => {
  expect(() => parsed({ ...small, model_type: modelType, ...change })).toThrow(
    kinmarkError('weights.kind-unsupported', { source: 'config.json', modelType, kind }),
  )
})

test('error: a model for images whose text model is unknown, by the name of the text model', () => {
  expect(() => parsed({ model_type: 'mistral3', text_config: { ...small, model_type: 'mixtral' } })).toThrow(
    kinmarkError('weights.kind-unsupported', { modelType: 'mixtral', kind: 'experts' }),
  )
})

test('error: one without its text_config', () => {
  expect(() => parsed({ model_type: 'gemma3', ...small })).toThrow(
    kinmarkError('weights.family-unsupported', { modelType: 'gemma3' }),
  )
})

test.each([
  [{ model_type: 'qwen3_5_text', linear_num_value_heads: 5, linear_num_key_heads: 2 }, 'setting-not-multiple'],
  [
    { model_type: 'granitemoehybrid', num_local_experts: 0, mamba_n_heads: 3, mamba_d_state: 8 },
    'setting-not-multiple',
  ],
  [{ model_type: 'lfm2', layer_types: ['conv', 'linear_attention'] }, 'setting-unsupported'],
  [
    { model_type: 'gemma4_text', num_kv_shared_layers: 1, layer_types: ['sliding_attention', 'full_attention'] },
    'setting-unsupported',
  ],
  [{ model_type: 'smollm3', no_rope_layers: [1] }, 'setting-wrong-length'],
  [{ model_type: 'llama', rope_theta: 'Infinity' }, 'setting-invalid'],
])('error: %j', (change, code) => {
  expect(() => parsed({ ...small, ...change })).toThrow(kinmarkError(`weights.${code}` as 'weights.setting-invalid'))
})

test('behavior: a time step without an upper limit, as Python writes it', () => {
  const hybrid = { ...small, model_type: 'granitemoehybrid', num_local_experts: 0, mamba_n_heads: 8, mamba_d_state: 8 }
  const text = JSON.stringify({ ...hybrid, time_step_limit: [0, 1] }).replace('[0,1]', '[0.0, Infinity]')
  expect(parseConfig(text).mamba?.limits).toEqual([0, Number.POSITIVE_INFINITY])
  expect(parsed({ ...hybrid, time_step_limit: [0.001, 0.1] }).mamba?.limits).toEqual([0.001, 0.1])
})
