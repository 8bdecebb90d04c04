import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { KinmarkError } from '../error'
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
  [changed({ hidden_size: 2 ** 60 }), 'hidden_size'],
  [changed({ num_hidden_layers: -1 }), 'num_hidden_layers'],
  [changed({ vocab_size: 'many' }), 'vocab_size'],
  [changed({ num_key_value_heads: 4 }), 'num_attention_heads 6 is not a multiple of num_key_value_heads 4'],
  [changed({ head_dim: null, num_attention_heads: 7 }), 'hidden_size 192 is not a multiple of num_attention_heads 7'],
  [changed({ head_dim: 31 }), '31 dimensions of head_dim 31 turn'],
  [changed({ bos_token_id: 2048 }), 'bos_token_id 2048 is outside the vocabulary of 2048'],
])('error: %s', (text, sentence) => {
  expect(() => parseConfig(text)).toThrow(sentence)
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
