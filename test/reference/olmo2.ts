import {
  add,
  attend,
  type Forward,
  headsOf,
  linear,
  range,
  rmsNorm,
  rotate,
  rowOf,
  type Settings,
  silu,
  vector,
} from './math'
import { rotaryFrequencies } from './rope'

type Variant = {
  /** Norms of q and k are over each head, or over all heads together. */
  headNorms?: boolean
  window?: (config: Settings, layer: number) => number | null
  /** The settings of a layer's rotation; null if it has none. */
  rotary?: (config: Settings, window: number | null) => Settings | null
}

const postNormed =
  ({ headNorms, window, rotary }: Variant): Forward =>
  (config, weights, ids) => {
    const epsilon = config.rms_norm_eps
    const size = config.hidden_size / config.num_attention_heads
    let xs = ids.map((id) => rowOf(weights('model.embed_tokens.weight'), id))
    const zs: number[][][] = []
    for (const layer of range(config.num_hidden_layers)) {
      const w = (part: string) => weights(`model.layers.${layer}.${part}.weight`)
      const seen = window?.(config, layer) ?? null
      const settings = rotary ? rotary(config, seen) : config
      const { frequencies, gain } = rotaryFrequencies(settings ?? {}, size, ids.length)
      const project = (part: 'q' | 'k') =>
        xs.map((x, position) => {
          const all = linear(w(`self_attn.${part}_proj`), x)
          const norm = (y: number[]) => rmsNorm(y, vector(w(`self_attn.${part}_norm`)), epsilon)
          const heads = headNorms ? headsOf(all, size).map(norm) : headsOf(norm(all), size)
          return settings ? heads.map((head) => rotate(head, position, frequencies, gain)) : heads
        })
      const values = xs.map((x) => headsOf(linear(w('self_attn.v_proj'), x), size))
      const mixed = attend(project('q'), project('k'), values, { scale: size ** -0.5, window: seen })
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

/**
 * OLMo 2: norms after attention and MLP, and over all heads of q and k together. https://arxiv.org/abs/2501.00656,
 * section 3.2
 */
export const olmo2 = postNormed({})

const exceptFourth = (config: Settings, layer: number) => ((layer + 1) % 4 === 0 ? null : config.sliding_window)

/**
 * OLMo 3: three layers with a window for each layer without; only the latter have scaled positions.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/olmo3/modeling_olmo3.py
 */
export const olmo3 = postNormed({
  window: exceptFourth,
  rotary: (config, window) => (window === null ? config : { rope_theta: config.rope_theta }),
})

/**
 * EXAONE 4: as OLMo 3, with norms of each head; layers without a window do not rotate, unless no layer has one.
 * https://arxiv.org/abs/2507.11407, section 2.1
 */
export const exaone4 = postNormed({
  headNorms: true,
  window: exceptFourth,
  rotary: (config, window) => (window === null && config.sliding_window ? null : config),
})
