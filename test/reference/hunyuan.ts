import { add, attend, type Forward, headsOf, linear, range, rmsNorm, rotate, rowOf, silu, vector } from './math'
import { rotaryFrequencies } from './rope'

/**
 * Hunyuan: each head of q and k is normalised after its rotation.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/hunyuan_v1_dense/modeling_hunyuan_v1_dense.py
 */
export const hunyuan: Forward = (config, weights, ids) => {
  const { rms_norm_eps: epsilon, head_dim: size } = config
  const { frequencies } = rotaryFrequencies(config, size, ids.length)
  let xs = ids.map((id) => rowOf(weights('model.embed_tokens.weight'), id))
  const zs: number[][][] = []
  for (const layer of range(config.num_hidden_layers)) {
    const w = (part: string) => weights(`model.layers.${layer}.${part}.weight`)
    const norm = (x: number[], part: string) => rmsNorm(x, vector(w(part)), epsilon)
    const ys = xs.map((x) => norm(x, 'input_layernorm'))
    const heads = (part: string) => ys.map((y) => headsOf(linear(w(`self_attn.${part}_proj`), y), size))
    const turned = (part: string, gain: string) =>
      heads(part).map((row, i) => row.map((head) => norm(rotate(head, i, frequencies), gain)))
    const q = turned('q', 'self_attn.query_layernorm')
    const k = turned('k', 'self_attn.key_layernorm')
    const mixed = attend(q, k, heads('v'), { scale: size ** -0.5 })
    xs = xs.map((x, i) => add(x, linear(w('self_attn.o_proj'), mixed[i])))
    const z = xs.map((x) => {
      const u = norm(x, 'post_attention_layernorm')
      const up = linear(w('mlp.up_proj'), u)
      return linear(w('mlp.gate_proj'), u).map((g, i) => silu(g) * up[i])
    })
    zs.push(z)
    xs = xs.map((x, i) => add(x, linear(w('mlp.down_proj'), z[i])))
  }
  const logits = xs.map((x) =>
    linear(weights('model.embed_tokens.weight'), rmsNorm(x, vector(weights('model.norm.weight')), epsilon)),
  )
  return { logits, residuals: xs, zs }
}
