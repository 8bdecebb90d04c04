import { add, attend, type Forward, gelu, headsOf, layerNorm, linear, range, rotate, rowOf } from './math'
import { rotaryFrequencies } from './rope'

/**
 * GPT-NeoX: attention and MLP in parallel, a quarter of each head is rotated, and q, k and v are interleaved by head.
 * https://arxiv.org/abs/2204.06745, section 2.1; https://huggingface.co/docs/transformers/model_doc/gpt_neox
 */
export const gptNeox: Forward = (config, weights, ids) => {
  const epsilon = config.layer_norm_eps
  const size = config.hidden_size / config.num_attention_heads
  const rotary = { rope_theta: config.rotary_emb_base, partial_rotary_factor: config.rotary_pct }
  const { frequencies } = rotaryFrequencies(rotary, size, ids.length)
  let xs = ids.map((id) => rowOf(weights('gpt_neox.embed_in.weight'), id))
  const zs: number[][][] = []
  for (const layer of range(config.num_hidden_layers)) {
    const w = (part: string, kind = 'weight') => weights(`gpt_neox.layers.${layer}.${part}.${kind}`)
    const norm = (x: number[], part: string) => layerNorm(x, w(part), w(part, 'bias'), epsilon)
    const map = (part: string, x: number[]) => linear(w(part), x, w(part, 'bias'))
    const heads = xs.map((x) => headsOf(map('attention.query_key_value', norm(x, 'input_layernorm')), 3 * size))
    const third = (which: number) => heads.map((row) => row.map((head) => head.slice(which * size, (which + 1) * size)))
    const rotated = (rows: number[][][]) => rows.map((row, i) => row.map((head) => rotate(head, i, frequencies)))
    const mixed = attend(rotated(third(0)), rotated(third(1)), third(2), { scale: size ** -0.5 })
    const attended = mixed.map((row) => map('attention.dense', row))
    const afterAttention = xs.map((x, i) => add(x, attended[i]))
    const mlpInput = config.use_parallel_residual ? xs : afterAttention
    const z = mlpInput.map((x) => map('mlp.dense_h_to_4h', norm(x, 'post_attention_layernorm')).map(gelu))
    zs.push(z)
    xs = afterAttention.map((x, i) => add(x, map('mlp.dense_4h_to_h', z[i])))
  }
  const [gain, shift] = ['weight', 'bias'].map((kind) => weights(`gpt_neox.final_layer_norm.${kind}`))
  const logits = xs.map((x) => linear(weights('embed_out.weight'), layerNorm(x, gain, shift, epsilon)))
  return { logits, residuals: xs, zs }
}
