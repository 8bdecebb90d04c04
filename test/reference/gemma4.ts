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
  softCapped,
  type Weight,
} from './math'
import { rotaryFrequencies } from './rope'

/**
 * Gemma 4: an embedding of its own for each layer, layers that share the keys and values of an earlier one, global layers
 * with larger heads, of which a quarter rotates, and normalised values.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/gemma4/modeling_gemma4.py
 */
export const gemma4: Forward = (outer, weights, ids) => {
  const prefix = outer.text_config ? 'model.language_model.' : 'model.'
  const config = { ...outer, ...outer.text_config }
  const { rms_norm_eps: epsilon, hidden_size: hidden, num_hidden_layers: layers, layer_types: types } = config
  const width = config.hidden_size_per_layer_input
  const norm = (x: number[], { data }: Weight) => rmsNorm(x, Array.from(data), epsilon)
  const ones = (count: number) => new Array(count).fill(1)
  const embedding = weights(`${prefix}embed_tokens.weight`)
  let xs = ids.map((id) => rowOf(embedding, id).map((x) => x * Math.sqrt(hidden)))
  const inputs = xs.map((x, t) => {
    if (!width) return []
    const own = headsOf(rowOf(weights(`${prefix}embed_tokens_per_layer.weight`), ids[t]), width)
    const projected = linear(weights(`${prefix}per_layer_model_projection.weight`), x).map((y) => y / Math.sqrt(hidden))
    return headsOf(projected, width).map((part, layer) =>
      norm(part, weights(`${prefix}per_layer_projection_norm.weight`)).map(
        (y, i) => (y + own[layer][i] * Math.sqrt(width)) * Math.SQRT1_2,
      ),
    )
  })
  const zs: number[][][] = []
  const kept: Record<string, { keys: number[][][]; values: number[][][] }> = {}
  for (const layer of range(layers)) {
    const raw = (part: string) => weights(`${prefix}layers.${layer}.${part}`)
    const w = (part: string) => raw(`${part}.weight`)
    const type: 'full_attention' | 'sliding_attention' = types[layer]
    const size = type === 'full_attention' ? config.global_head_dim : config.head_dim
    const { frequencies } = rotaryFrequencies({ rope_parameters: config.rope_parameters[type] }, size, ids.length)
    const ys = xs.map((x) => norm(x, w('input_layernorm')))
    const heads = (part: string) => ys.map((y) => headsOf(linear(w(`self_attn.${part}_proj`), y), size))
    const turned = (part: string) =>
      heads(part).map((row, i) => row.map((head) => rotate(norm(head, w(`self_attn.${part}_norm`)), i, frequencies)))
    if (layer < layers - config.num_kv_shared_layers) {
      const unnormed = heads(config.attention_k_eq_v && type === 'full_attention' ? 'k' : 'v')
      const values = unnormed.map((row) => row.map((head) => rmsNorm(head, ones(size), epsilon)))
      kept[type] = { keys: turned('k'), values }
    }
    const { keys, values } = kept[type]
    const window = type === 'sliding_attention' ? config.sliding_window : null
    const mixed = attend(turned('q'), keys, values, { scale: 1, window })
    xs = xs.map((x, i) => add(x, norm(linear(w('self_attn.o_proj'), mixed[i]), w('post_attention_layernorm'))))
    const z = xs.map((x) => {
      const u = norm(x, w('pre_feedforward_layernorm'))
      const up = linear(w('mlp.up_proj'), u)
      return linear(w('mlp.gate_proj'), u).map((g, i) => geluTanh(g) * up[i])
    })
    zs.push(z)
    xs = xs.map((x, i) => add(x, norm(linear(w('mlp.down_proj'), z[i]), w('post_feedforward_layernorm'))))
    if (width)
      xs = xs.map((x, t) => {
        const gated = linear(w('per_layer_input_gate'), x).map((g, i) => geluTanh(g) * inputs[t][layer][i])
        return add(x, norm(linear(w('per_layer_projection'), gated), w('post_per_layer_input_norm')))
      })
    xs = xs.map((x) => x.map((value) => value * raw('layer_scalar').data[0]))
  }
  const logits = xs.map((x) =>
    linear(embedding, norm(x, weights(`${prefix}norm.weight`))).map((logit) =>
      softCapped(logit, config.final_logit_softcapping),
    ),
  )
  return { logits, residuals: xs, zs }
}
