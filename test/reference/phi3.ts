import { add, attend, type Forward, headsOf, linear, range, rmsNorm, rotate, rowOf, silu, vector } from './math'
import { rotaryFrequencies } from './rope'

/**
 * Phi-3: q, k and v in one matrix, gate and up in another. https://arxiv.org/abs/2404.14219,
 * https://huggingface.co/docs/transformers/model_doc/phi3
 */
export const phi3: Forward = (config, weights, ids) => {
  const { rms_norm_eps: epsilon, num_attention_heads: heads, num_key_value_heads: kvHeads } = config
  const size = config.hidden_size / heads
  const { frequencies, gain } = rotaryFrequencies(config, size, ids.length)
  let xs = ids.map((id) => rowOf(weights('model.embed_tokens.weight'), id))
  const zs: number[][][] = []
  for (const layer of range(config.num_hidden_layers)) {
    const w = (part: string) => weights(`model.layers.${layer}.${part}.weight`)
    const all = xs.map((x) =>
      headsOf(linear(w('self_attn.qkv_proj'), rmsNorm(x, vector(w('input_layernorm')), epsilon)), size),
    )
    const rotated = (from: number, to: number) =>
      all.map((row, position) => row.slice(from, to).map((head) => rotate(head, position, frequencies, gain)))
    const mixed = attend(
      rotated(0, heads),
      rotated(heads, heads + kvHeads),
      all.map((row) => row.slice(heads + kvHeads)),
      { scale: size ** -0.5, window: config.sliding_window },
    )
    xs = xs.map((x, i) => add(x, linear(w('self_attn.o_proj'), mixed[i])))
    const z = xs.map((x) => {
      const both = linear(w('mlp.gate_up_proj'), rmsNorm(x, vector(w('post_attention_layernorm')), epsilon))
      const ff = both.length / 2
      return range(ff).map((i) => silu(both[i]) * both[ff + i])
    })
    zs.push(z)
    xs = xs.map((x, i) => add(x, linear(w('mlp.down_proj'), z[i])))
  }
  const logits = xs.map((x) =>
    linear(weights('lm_head.weight'), rmsNorm(x, vector(weights('model.norm.weight')), epsilon)),
  )
  return { logits, residuals: xs, zs }
}
