import { type Forward, range, type Settings } from './math'

/** A very small model: its config.json, the shapes of its tensors, and the reference implementation of its family. */
export type Recipe = { config: Settings; shapes: [name: string, shape: number[]][]; forward: Forward }

export const sizes = {
  hidden_size: 64,
  intermediate_size: 80,
  num_hidden_layers: 3,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 97,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  bos_token_id: 1,
}

export type Shapes = Recipe['shapes']

/** The tensors of a decoder with Llama's names; `change` edits those of one layer. */
export function decoder(config: Settings, change: (tensors: Map<string, number[]>) => void = () => {}): Shapes {
  const { hidden_size: d, intermediate_size: ff, vocab_size: vocab } = config
  const size = config.head_dim ?? d / config.num_attention_heads
  const [q, kv] = [config.num_attention_heads * size, config.num_key_value_heads * size]
  const layers = range(config.num_hidden_layers).flatMap((l): Shapes => {
    const tensors = new Map([
      ['input_layernorm.weight', [d]],
      ['self_attn.q_proj.weight', [q, d]],
      ['self_attn.k_proj.weight', [kv, d]],
      ['self_attn.v_proj.weight', [kv, d]],
      ['self_attn.o_proj.weight', [d, q]],
      ['post_attention_layernorm.weight', [d]],
      ['mlp.gate_proj.weight', [ff, d]],
      ['mlp.up_proj.weight', [ff, d]],
      ['mlp.down_proj.weight', [d, ff]],
    ])
    change(tensors)
    return [...tensors].map(([part, shape]) => [`model.layers.${l}.${part}`, shape])
  })
  const head: Shapes = config.tie_word_embeddings ? [] : [['lm_head.weight', [vocab, d]]]
  return [['model.embed_tokens.weight', [vocab, d]], ...layers, ['model.norm.weight', [d]], ...head]
}

export function withHeadNorms(tensors: Map<string, number[]>, q: number, k = q): void {
  tensors.set('self_attn.q_norm.weight', [q]).set('self_attn.k_norm.weight', [k])
}
