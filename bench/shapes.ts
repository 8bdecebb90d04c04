/** Shapes of published models, from their config.json. */
export const shapes = {
  small: {
    ...{ hidden_size: 192, intermediate_size: 512, num_hidden_layers: 6, num_attention_heads: 6 },
    ...{ num_key_value_heads: 2, vocab_size: 4096, max_position_embeddings: 512, rope_theta: 10_000 },
  },
  'SmolLM2-135M': {
    ...{ hidden_size: 576, intermediate_size: 1536, num_hidden_layers: 30, num_attention_heads: 9 },
    ...{ num_key_value_heads: 3, vocab_size: 49152, max_position_embeddings: 8192, rope_theta: 100_000 },
  },
  'Llama-3.2-1B': {
    ...{ hidden_size: 2048, intermediate_size: 8192, num_hidden_layers: 16, num_attention_heads: 32 },
    ...{ num_key_value_heads: 8, vocab_size: 128_256, max_position_embeddings: 131_072, rope_theta: 500_000 },
  },
} as const

export type ShapeName = keyof typeof shapes
