import { expect, test } from 'vitest'
import { kinmarkError } from '../../test/fixtures/kinmark-error'
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
    }),
  )

test.each(['llama', 'mistral', 'qwen2', 'qwen3', 'gemma', 'phi3'])('default: %s can be fingerprinted', (family) => {
  expect(() => assertCanFingerprint(config(family))).not.toThrow()
})

test.each(['gemma2', 'gemma3_text', 'olmo2', 'gpt_neox'])(
  'error: %s, with the families that can be fingerprinted',
  (family) => {
    const supported = ['llama', 'mistral', 'qwen2', 'qwen3', 'gemma', 'phi3']
    expect(() => assertCanFingerprint(config(family))).toThrow(
      kinmarkError('weights.cannot-fingerprint', { family, supported }),
    )
  },
)
