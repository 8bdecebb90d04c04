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
import { turning } from './rope'

const norm = (x: number[], weight: Weight, epsilon: number) =>
  rmsNorm(
    x,
    Array.from(weight.data, (w) => 1 + w),
    epsilon,
  )

type Generation = {
  scale(config: Settings): number
  sandwich: boolean
  headNorms: boolean
  /** Whether a layer sees only `sliding_window` tokens. */
  local(config: Settings, layer: number): boolean
}

function generation({ scale, sandwich, headNorms, local }: Generation): Forward {
  return (config, weights, ids): Trace => {
    const { rms_norm_eps: epsilon, head_dim: size } = config
    const global = turning(config, size, ids.length)
    const localTurning = config.rope_local_base_freq
      ? turning({ rope_theta: config.rope_local_base_freq }, size, ids.length)
      : global
    const embedding = weights('model.embed_tokens.weight')
    let xs = ids.map((id) => rowOf(embedding, id).map((x) => x * Math.sqrt(config.hidden_size)))
    const zs: number[][][] = []
    for (const layer of range(config.num_hidden_layers)) {
      const w = (part: string) => weights(`model.layers.${layer}.${part}.weight`)
      const isLocal = local(config, layer)
      const { frequencies, gain } = isLocal ? localTurning : global
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
        const seen = linear(w('self_attn.o_proj'), mixed[i])
        return add(x, sandwich ? norm(seen, w('post_attention_layernorm'), epsilon) : seen)
      })
      const before = sandwich ? 'pre_feedforward_layernorm' : 'post_attention_layernorm'
      const z = xs.map((x) => {
        const u = norm(x, w(before), epsilon)
        const up = linear(w('mlp.up_proj'), u)
        return linear(w('mlp.gate_proj'), u).map((g, i) => geluTanh(g) * up[i])
      })
      zs.push(z)
      xs = xs.map((x, i) => {
        const written = linear(w('mlp.down_proj'), z[i])
        return add(x, sandwich ? norm(written, w('post_feedforward_layernorm'), epsilon) : written)
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
  sandwich: false,
  headNorms: false,
  local: () => false,
})

/** Local and global layers take turns, the first is local; logits are capped. https://arxiv.org/abs/2408.00118 */
export const gemma2 = generation({
  scale: (config) => config.query_pre_attn_scalar ** -0.5,
  sandwich: true,
  headNorms: false,
  local: (_, layer) => layer % 2 === 0,
})

/** Five local layers to each global one, each with its own theta; q and k normalised. https://arxiv.org/abs/2503.19786 */
export const gemma3 = generation({
  scale: (config) => config.query_pre_attn_scalar ** -0.5,
  sandwich: true,
  headNorms: true,
  local: (config, layer) => (layer + 1) % (config.sliding_window_pattern ?? 6) !== 0,
})
