import type { GraphOptions } from '../lib/onnx/graph/graph-options'
import { modelGraph } from '../lib/onnx/model-graph'
import { parseConfig } from '../lib/weights/config/config'
import { requiredTensors } from '../lib/weights/config/tensor-shapes'
import type { Tensor } from '../lib/weights/tensor'

/** Measures building the graph of Llama 3.1 8B from its index, without reading weights. Goal: below 100 ms. */

const [hidden, ff, layers, kv, vocab] = [4096, 14_336, 32, 1024, 128_256]
const text = JSON.stringify({
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: hidden,
  intermediate_size: ff,
  num_hidden_layers: layers,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  vocab_size: vocab,
  max_position_embeddings: 131_072,
  rms_norm_eps: 1e-5,
  rope_theta: 500_000,
  rope_scaling: {
    rope_type: 'llama3',
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
  },
  bos_token_id: 128_000,
})

const perLayer: [string, number[]][] = [
  ['input_layernorm', [hidden]],
  ['self_attn.q_proj', [hidden, hidden]],
  ['self_attn.k_proj', [kv, hidden]],
  ['self_attn.v_proj', [kv, hidden]],
  ['self_attn.o_proj', [hidden, hidden]],
  ['post_attention_layernorm', [hidden]],
  ['mlp.gate_proj', [ff, hidden]],
  ['mlp.up_proj', [ff, hidden]],
  ['mlp.down_proj', [hidden, ff]],
]
const shapes: [string, number[]][] = [
  ['model.embed_tokens', [vocab, hidden]],
  ['model.norm', [hidden]],
  ['lm_head', [vocab, hidden]],
  ...Array.from({ length: layers }, (_, l) =>
    perLayer.map(([part, shape]): [string, number[]] => [`model.layers.${l}.${part}`, shape]),
  ).flat(),
]

/** Four shards, as in the published model. */
const tensors = new Map<string, Tensor>()
const ends = [0, 0, 0, 0]
for (const [i, [part, shape]] of shapes.entries()) {
  const name = `${part}.weight`
  const byteLength = 2 * shape.reduce((a, b) => a * b, 1)
  const file = `model-0000${(i % 4) + 1}-of-00004.safetensors`
  tensors.set(name, { name, dtype: 'BF16', shape, file, offset: ends[i % 4], byteLength })
  ends[i % 4] += byteLength
}

const build = (options: Pick<GraphOptions, 'taps' | 'cache'>) =>
  modelGraph(parseConfig(text), tensors, { ...options, editable: [], precision: 'F32', held: null })
const graphs = {
  'answer: logits': () => build({ taps: ['logits'], cache: false }),
  'generate: logits, with the cache': () => build({ taps: ['logits'], cache: true }),
  'prepare: every z': () => build({ taps: Array.from({ length: layers }, (_, l) => `z.${l}` as const), cache: false }),
}

requiredTensors(parseConfig(text), tensors)
console.log('Graph of Llama 3.1 8B from its index: first time, then median of 51')
for (const [name, build] of Object.entries(graphs)) {
  const times: number[] = []
  let bytes = 0
  for (let i = 0; i < 52; i++) {
    const start = performance.now()
    bytes = build().length
    times.push(performance.now() - start)
  }
  const [first, ...rest] = times
  const median = rest.sort((a, b) => a - b)[25]
  console.log(`${name.padEnd(36)}${first.toFixed(1).padStart(8)} ms${median.toFixed(1).padStart(8)} ms  ${bytes} bytes`)
}
