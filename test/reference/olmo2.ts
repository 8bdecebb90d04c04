import { add, attend, type Forward, headsOf, linear, range, rmsNorm, rotate, rowOf, silu, vector } from './math'
import { rotaryFrequencies } from './rope'

/**
 * OLMo 2: norms after attention and MLP, and over all heads of q and k together. https://arxiv.org/abs/2501.00656,
 * section 3.2
 */
export const olmo2: Forward = (config, weights, ids) => {
  const epsilon = config.rms_norm_eps
  const size = config.hidden_size / config.num_attention_heads
  const { frequencies, gain } = rotaryFrequencies(config, size, ids.length)
  let xs = ids.map((id) => rowOf(weights('model.embed_tokens.weight'), id))
  const zs: number[][][] = []
  for (const layer of range(config.num_hidden_layers)) {
    const w = (part: string) => weights(`model.layers.${layer}.${part}.weight`)
    const project = (part: 'q' | 'k') =>
      xs.map((x, position) =>
        headsOf(
          rmsNorm(linear(w(`self_attn.${part}_proj`), x), vector(w(`self_attn.${part}_norm`)), epsilon),
          size,
        ).map((head) => rotate(head, position, frequencies, gain)),
      )
    const values = xs.map((x) => headsOf(linear(w('self_attn.v_proj'), x), size))
    const mixed = attend(project('q'), project('k'), values, { scale: size ** -0.5 })
    xs = xs.map((x, i) =>
      add(x, rmsNorm(linear(w('self_attn.o_proj'), mixed[i]), vector(w('post_attention_layernorm')), epsilon)),
    )
    const z = xs.map((x) => {
      const up = linear(w('mlp.up_proj'), x)
      return linear(w('mlp.gate_proj'), x).map((g, i) => silu(g) * up[i])
    })
    zs.push(z)
    xs = xs.map((x, i) =>
      add(x, rmsNorm(linear(w('mlp.down_proj'), z[i]), vector(w('post_feedforward_layernorm')), epsilon)),
    )
  }
  const logits = xs.map((x) =>
    linear(weights('lm_head.weight'), rmsNorm(x, vector(weights('model.norm.weight')), epsilon)),
  )
  return { logits, residuals: xs, zs }
}
