import { expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
import { recipes } from '../../test/reference/recipes'
import { assertCanFingerprint } from './can-fingerprint'
import { parseConfig } from './config/config'

const small = { hidden_size: 64, intermediate_size: 128, num_hidden_layers: 2, num_attention_heads: 4, vocab_size: 256 }
const config = (family: string) =>
  parseConfig(
    JSON.stringify({
      ...small,
      model_type: family,
      num_key_value_heads: 4,
      max_position_embeddings: 128,
      head_dim: 16,
      rope_parameters: { rope_type: 'default' },
      ...{ mamba_n_heads: 8, mamba_d_head: 16, mamba_d_state: 12 },
    }),
  )

const supported = [
  ...['llama', 'mistral', 'qwen2', 'qwen3', 'gemma', 'gemma2', 'gemma3_text', 'smollm3', 'ministral3', 'granite'],
  ...['granitemoehybrid', 'exaone4', 'hunyuan_v1_dense', 'ernie4_5', 'lfm2', 'qwen3_5_text', 'phi3', 'olmo2', 'olmo3'],
]

test.each(supported)('default: %s can be fingerprinted', (family) => {
  expect(() => assertCanFingerprint(config(family))).not.toThrow()
})

test.each(['gemma4_text', 'gpt_neox', 'gpt_oss'])(
  'error: %s, with the families that can be fingerprinted',
  (family) => {
    expect(() => assertCanFingerprint(config(family))).toThrow(
      kinmarkError('weights.cannot-fingerprint', { family, supported }),
    )
  },
)

test('error: a mixture of experts, even if the first layer has none', () => {
  const config = parseConfig(JSON.stringify(recipes.qwen3_moe.config))
  expect(() => assertCanFingerprint({ ...config, blocks: config.blocks.toReversed() })).toThrow(
    kinmarkError('weights.cannot-fingerprint', { family: 'qwen3_moe', supported }),
  )
})
