import {
  add,
  attend,
  type Forward,
  geluTanh,
  headsOf,
  linear,
  range,
  rmsNorm,
  rotate,
  rowOf,
  type Settings,
  softCapped,
  type Trace,
  type Weight,
} from './math'
import { rotaryFrequencies } from './rope'

const norm = (x: number[], weight: Weight, epsilon: number) =>
  rmsNorm(
    x,
    Array.from(weight.data, (w) => 1 + w),
    epsilon,
  )

type Generation = {
  scale(config: Settings): number
  postNorms: boolean
  headNorms: boolean
  /** Whether a layer attends to `sliding_window` tokens only. */
  local(config: Settings, layer: number): boolean
}

function generation({ scale, postNorms, headNorms, local }: Generation): Forward {
  return (config, weights, ids): Trace => {
    const { rms_norm_eps: epsilon, head_dim: size } = config
    const global = rotaryFrequencies(config, size, ids.length)
    const localRotary = config.rope_local_base_freq
      ? rotaryFrequencies({ rope_theta: config.rope_local_base_freq }, size, ids.length)
      : global
    const embedding = weights('model.embed_tokens.weight')
    let xs = ids.map((id) => rowOf(embedding, id).map((x) => x * Math.sqrt(config.hidden_size)))
    const zs: number[][][] = []
    for (const layer of range(config.num_hidden_layers)) {
      const w = (part: string) => weights(`model.layers.${layer}.${part}.weight`)
      const isLocal = local(config, layer)
      const { frequencies, gain } = isLocal ? localRotary : global
      const ys = xs.map((x) => norm(x, w('input_layernorm'), epsilon))
      const project = (part: 'q' | 'k' | 'v') =>
        ys.map((y, position) =>
          headsOf(linear(w(`self_attn.${part}_proj`), y), size).map((head) => {
            if (part === 'v') return head
            const normed = headNorms ? norm(head, w(`self_attn.${part}_norm`), epsilon) : head
            return rotate(normed, position, frequencies, gain)
          }),
        )
      const mixed = attend(project('q'), project('k'), project('v'), {
        scale: scale(config),
        window: isLocal ? config.sliding_window : null,
        cap: config.attn_logit_softcapping,
      })
      xs = xs.map((x, i) => {
        const attended = linear(w('self_attn.o_proj'), mixed[i])
        return add(x, postNorms ? norm(attended, w('post_attention_layernorm'), epsilon) : attended)
      })
      const before = postNorms ? 'pre_feedforward_layernorm' : 'post_attention_layernorm'
      const z = xs.map((x) => {
        const u = norm(x, w(before), epsilon)
        const up = linear(w('mlp.up_proj'), u)
        return linear(w('mlp.gate_proj'), u).map((g, i) => geluTanh(g) * up[i])
      })
      zs.push(z)
      xs = xs.map((x, i) => {
        const mlpOutput = linear(w('mlp.down_proj'), z[i])
        return add(x, postNorms ? norm(mlpOutput, w('post_feedforward_layernorm'), epsilon) : mlpOutput)
      })
    }
    const logits = xs.map((x) =>
      linear(embedding, norm(x, weights('model.norm.weight'), epsilon)).map((logit) =>
        softCapped(logit, config.final_logit_softcapping),
      ),
    )
    return { logits, residuals: xs, zs }
  }
}

/** https://arxiv.org/abs/2403.08295 */
export const gemma = generation({
  scale: (config) => config.head_dim ** -0.5,
  postNorms: false,
  headNorms: false,
  local: () => false,
})

/** Local and global layers alternate, starting with a local one; logits are capped. https://arxiv.org/abs/2408.00118 */
export const gemma2 = generation({
  scale: (config) => config.query_pre_attn_scalar ** -0.5,
  postNorms: true,
  headNorms: false,
  local: (_, layer) => layer % 2 === 0,
})

/**
 * Five local layers for each global one, each kind with its own theta; q and k are normalised.
 * https://arxiv.org/abs/2503.19786
 */
export const gemma3 = generation({
  scale: (config) => config.query_pre_attn_scalar ** -0.5,
  postNorms: true,
  headNorms: true,
  local: (config, layer) => (layer + 1) % (config.sliding_window_pattern ?? 6) !== 0,
})
