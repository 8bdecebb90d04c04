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
  type Trace,
  vector,
  type Weight,
} from './math'
import { rotaryFrequencies } from './rope'

type Variant = {
  /** Every head has a score that takes a part of its attention. */
  sinks?: boolean
  /** The output of the experts of a layer that has some, else null. */
  experts?: (config: Settings, layer: number, w: (part: string) => Weight, u: number[]) => number[] | null
  qkvBias?: boolean
  headNorms?: boolean
  window?: (config: Settings, layer: number) => number | null
  rotates?: (config: Settings, layer: number) => boolean
  /** Factor of the queries at a position. */
  growth?: (config: Settings, position: number) => number
  /** Granite's factors. */
  factors?: (config: Settings) => { embedding: number; attention: number; residual: number; logits: number }
}

/**
 * Llama (https://arxiv.org/abs/2302.13971) and its variants, with the tensor names of
 * https://huggingface.co/docs/transformers/model_doc/llama.
 */
function llamaVariant({ qkvBias, headNorms, window, rotates, growth, factors, experts, sinks }: Variant): Forward {
  return (config, weights, ids): Trace => {
    const epsilon = config.rms_norm_eps
    const size = config.head_dim ?? config.hidden_size / config.num_attention_heads
    const { frequencies, gain } = rotaryFrequencies(config, size, ids.length)
    const embedding = weights('model.embed_tokens.weight')
    const given = factors?.(config) ?? { embedding: 1, attention: size ** -0.5, residual: 1, logits: 1 }
    const scaled = (x: number[], factor: number) => x.map((value) => factor * value)
    let xs = ids.map((id) => scaled(rowOf(embedding, id), given.embedding))
    const zs: number[][][] = []
    for (const layer of range(config.num_hidden_layers)) {
      const w = (part: string) => weights(`model.layers.${layer}.${part}.weight`)
      const b = (part: string, has?: boolean) => (has ? weights(`model.layers.${layer}.${part}.bias`) : undefined)
      const ys = xs.map((x) => rmsNorm(x, vector(w('input_layernorm')), epsilon))
      const project = (part: 'q' | 'k' | 'v') =>
        ys.map((y, position) =>
          headsOf(linear(w(`self_attn.${part}_proj`), y, b(`self_attn.${part}_proj`, qkvBias)), size).map((head) => {
            if (part === 'v') return head
            const normed = headNorms ? rmsNorm(head, vector(w(`self_attn.${part}_norm`)), epsilon) : head
            const turned = (rotates?.(config, layer) ?? true) ? rotate(normed, position, frequencies, gain) : normed
            return part === 'q' && growth ? scaled(turned, growth(config, position)) : turned
          }),
        )
      const mixed = attend(project('q'), project('k'), project('v'), {
        scale: given.attention,
        window: window?.(config, layer),
        sinks: sinks ? vector(weights(`model.layers.${layer}.self_attn.sinks`)) : undefined,
      })
      const o = b('self_attn.o_proj', config.attention_bias)
      xs = xs.map((x, i) => add(x, scaled(linear(w('self_attn.o_proj'), mixed[i], o), given.residual)))
      const us = xs.map((x) => rmsNorm(x, vector(w('post_attention_layernorm')), epsilon))
      const routed = us.map((u) => experts?.(config, layer, w, u) ?? null)
      if (routed[0]) {
        zs.push([])
        xs = xs.map((x, i) => add(x, routed[i] ?? []))
        continue
      }
      const z = us.map((u) => {
        const up = linear(w('mlp.up_proj'), u, b('mlp.up_proj', config.mlp_bias))
        return linear(w('mlp.gate_proj'), u, b('mlp.gate_proj', config.mlp_bias)).map((g, i) => silu(g) * up[i])
      })
      zs.push(z)
      const down = b('mlp.down_proj', config.mlp_bias)
      xs = xs.map((x, i) => add(x, scaled(linear(w('mlp.down_proj'), z[i], down), given.residual)))
    }
    const head = config.tie_word_embeddings ? embedding : weights('lm_head.weight')
    const logits = xs.map((x) =>
      scaled(linear(head, rmsNorm(x, vector(weights('model.norm.weight')), epsilon)), 1 / given.logits),
    )
    return { logits, residuals: xs, zs }
  }
}

export const llama: Forward = (config, weights, ids) =>
  llamaVariant({ qkvBias: config.attention_bias })(config, weights, ids)

/** Every layer attends to the last `sliding_window` tokens. https://arxiv.org/abs/2310.06825 */
export const mistral = llamaVariant({ window: (config) => config.sliding_window })

const upperLayers = (config: Settings, layer: number) =>
  config.use_sliding_window && layer >= config.max_window_layers ? config.sliding_window : null

/** https://arxiv.org/abs/2407.10671 */
export const qwen2 = llamaVariant({ qkvBias: true, window: upperLayers })

/** Each head of q and k is normalised. https://arxiv.org/abs/2505.09388 */
export const qwen3 = llamaVariant({ headNorms: true, window: upperLayers })

/**
 * Most layers have experts instead of one MLP: the best of them for each token, weighed by the router's softmax.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/qwen3_moe/modeling_qwen3_moe.py
 */
export const qwen3Moe = llamaVariant({
  headNorms: true,
  experts(config, layer, w, u) {
    if (config.mlp_only_layers.includes(layer)) return null
    const powers = linear(w('mlp.gate'), u).map(Math.exp)
    const total = powers.reduce((a, b) => a + b)
    const ranked = powers.map((power, expert) => ({ share: power / total, expert })).sort((a, b) => b.share - a.share)
    const best = ranked.slice(0, config.num_experts_per_tok)
    const whole = config.norm_topk_prob ? best.reduce((sum, { share }) => sum + share, 0) : 1
    const outputs = best.map(({ share, expert }) => {
      const part = (name: string) => w(`mlp.experts.${expert}.${name}_proj`)
      const up = linear(part('up'), u)
      const z = linear(part('gate'), u).map((g, i) => silu(g) * up[i])
      return linear(part('down'), z).map((value) => (value * share) / whole)
    })
    return outputs.reduce(add)
  },
})

/**
 * Sinks, and experts whose activation is clamped; rows of gate and up take turns. Tensors hold [experts, in, out].
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/gpt_oss/modeling_gpt_oss.py
 */
export const gptOss: Forward = (config, weights, ids) =>
  llamaVariant({
    qkvBias: true,
    sinks: true,
    window: (_, layer) => (config.layer_types[layer] === 'sliding_attention' ? config.sliding_window : null),
    experts(_, layer, w, u) {
      const name = (part: string) => weights(`model.layers.${layer}.mlp.experts.${part}`)
      const mapped = (part: string, expert: number, x: number[]) => {
        const [{ shape, data }, bias] = [name(part), name(`${part}_bias`)]
        const [, rows, cols] = shape
        return range(cols).map((j) =>
          x.reduce((sum, value, i) => sum + value * data[(expert * rows + i) * cols + j], bias.data[expert * cols + j]),
        )
      }
      const scores = linear(w('mlp.router'), u, weights(`model.layers.${layer}.mlp.router.bias`))
      const ranked = scores
        .map((score, expert) => ({ power: Math.exp(score), expert }))
        .sort((a, b) => b.power - a.power)
      const best = ranked.slice(0, config.num_experts_per_tok)
      const total = best.reduce((sum, { power }) => sum + power, 0)
      const limit = config.swiglu_limit
      const outputs = best.map(({ power, expert }) => {
        const both = mapped('gate_up_proj', expert, u)
        const z = range(both.length / 2).map((i) => {
          const gate = Math.min(both[2 * i], limit)
          const up = Math.max(-limit, Math.min(limit, both[2 * i + 1]))
          return (up + 1) * (gate / (1 + Math.exp(-1.702 * gate)))
        })
        return mapped('down_proj', expert, z).map((value) => (value * power) / total)
      })
      return outputs.reduce(add)
    },
  })(config, weights, ids)

/** Every fourth layer does not rotate. https://huggingface.co/blog/smollm3 */
export const smollm3 = llamaVariant({
  rotates: (config, layer) =>
    config.no_rope_layers ? config.no_rope_layers[layer] === 1 : (layer + 1) % config.no_rope_layer_interval !== 0,
})

/**
 * Queries grow with the logarithm of how often their position passes the pretraining's length.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/ministral3/modeling_ministral3.py
 */
export const ministral3 = llamaVariant({
  growth: ({ rope_parameters: { llama_4_scaling_beta: beta, original_max_position_embeddings: old } }, position) =>
    1 + beta * Math.log(1 + Math.floor(position / old)),
})

/** https://github.com/huggingface/transformers/blob/main/src/transformers/models/granite/modeling_granite.py */
export const granite = llamaVariant({
  factors: (config) => ({
    embedding: config.embedding_multiplier,
    attention: config.attention_multiplier,
    residual: config.residual_multiplier,
    logits: config.logits_scaling,
  }),
})
