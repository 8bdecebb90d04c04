import {
  add,
  attend,
  causalConv,
  type Forward,
  headsOf,
  linear,
  range,
  rmsNorm,
  rotate,
  rowOf,
  sigmoid,
  silu,
  softplus,
  type Weight,
} from './math'
import { rotaryFrequencies } from './rope'

/** x divided by its length. */
function unit(x: number[]): number[] {
  const length = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) + 1e-6)
  return x.map((value) => value / length)
}

type Step = { q: number[]; k: number[]; v: number[]; decay: number; beta: number }

/** One head of the gated delta rule, token by token. https://arxiv.org/abs/2412.06464, equation 10 */
function deltaRule(steps: Step[]): number[][] {
  let state = steps[0].k.map(() => steps[0].v.map(() => 0))
  return steps.map(({ q, k, v, decay, beta }) => {
    state = state.map((row) => row.map((value) => value * Math.exp(decay)))
    const answered = v.map((_, j) => k.reduce((sum, key, i) => sum + key * state[i][j], 0))
    state = state.map((row, i) => row.map((value, j) => value + k[i] * beta * (v[j] - answered[j])))
    return v.map((_, j) => q.reduce((sum, query, i) => sum + query * state[i][j], 0))
  })
}

/**
 * Qwen3.5: three gated delta nets for each layer of attention, whose output has a gate; gains are 1 + w but for the delta
 * nets' own. https://github.com/huggingface/transformers/blob/main/src/transformers/models/qwen3_5/modeling_qwen3_5.py
 */
const named =
  (prefix: string): Forward =>
  (outer, weights, ids) => {
    const config = { ...outer, ...outer.text_config }
    const { rms_norm_eps: epsilon, head_dim: size } = config
    const { frequencies } = rotaryFrequencies(config, size, ids.length)
    const embedding = weights(`${prefix}embed_tokens.weight`)
    const norm = (x: number[], { data }: Weight) =>
      rmsNorm(
        x,
        Array.from(data, (gain) => 1 + gain),
        epsilon,
      )
    let xs = ids.map((id) => rowOf(embedding, id))
    const zs: number[][][] = []
    for (const layer of range(config.num_hidden_layers)) {
      const raw = (part: string) => weights(`${prefix}layers.${layer}.${part}`)
      const w = (part: string) => raw(`${part}.weight`)
      const ys = xs.map((x) => norm(x, w('input_layernorm')))
      const attention = () => {
        const pairs = ys.map((y) => headsOf(linear(w('self_attn.q_proj'), y), 2 * size))
        const turned = (rows: number[][][], gain: Weight) =>
          rows.map((row, i) => row.map((head) => rotate(norm(head, gain), i, frequencies)))
        const heads = (part: string) => ys.map((y) => headsOf(linear(w(`self_attn.${part}_proj`), y), size))
        const q = turned(
          pairs.map((row) => row.map((pair) => pair.slice(0, size))),
          w('self_attn.q_norm'),
        )
        const mixed = attend(q, turned(heads('k'), w('self_attn.k_norm')), heads('v'), { scale: size ** -0.5 })
        const gates = pairs.map((row) => row.flatMap((pair) => pair.slice(size)))
        return mixed.map((row, t) =>
          linear(
            w('self_attn.o_proj'),
            row.map((value, i) => value * sigmoid(gates[t][i])),
          ),
        )
      }
      const deltaNet = () => {
        const { linear_num_key_heads: keyHeads, linear_num_value_heads: valueHeads } = config
        const { linear_key_head_dim: keyDim, linear_value_head_dim: valueDim } = config
        const from = (part: string) => ys.map((y) => linear(w(`linear_attn.${part}`), y))
        const qkv = causalConv(from('in_proj_qkv'), w('linear_attn.conv1d')).map((row) => row.map(silu))
        const [gates, betas, decays] = ['in_proj_z', 'in_proj_b', 'in_proj_a'].map(from)
        const keys = keyHeads * keyDim
        const read = range(valueHeads).map((head) => {
          const shared = Math.floor(head / (valueHeads / keyHeads))
          return deltaRule(
            qkv.map((row, t) => ({
              q: unit(row.slice(shared * keyDim, (shared + 1) * keyDim)).map((x) => x / Math.sqrt(keyDim)),
              k: unit(row.slice(keys + shared * keyDim, keys + (shared + 1) * keyDim)),
              v: row.slice(2 * keys + head * valueDim, 2 * keys + (head + 1) * valueDim),
              decay:
                -Math.exp(raw('linear_attn.A_log').data[head]) *
                softplus(decays[t][head] + raw('linear_attn.dt_bias').data[head]),
              beta: sigmoid(betas[t][head]),
            })),
          )
        })
        return ys.map((_, t) => {
          const gated = range(valueHeads).flatMap((head) =>
            rmsNorm(read[head][t], Array.from(w('linear_attn.norm').data), epsilon).map(
              (value, i) => value * silu(gates[t][head * valueDim + i]),
            ),
          )
          return linear(w('linear_attn.out_proj'), gated)
        })
      }
      const output = config.layer_types[layer] === 'linear_attention' ? deltaNet() : attention()
      xs = xs.map((x, i) => add(x, output[i]))
      const z = xs.map((x) => {
        const u = norm(x, w('post_attention_layernorm'))
        const up = linear(w('mlp.up_proj'), u)
        return linear(w('mlp.gate_proj'), u).map((g, i) => silu(g) * up[i])
      })
      zs.push(z)
      xs = xs.map((x, i) => add(x, linear(w('mlp.down_proj'), z[i])))
    }
    const head = config.tie_word_embeddings ? embedding : weights('lm_head.weight')
    const logits = xs.map((x) => linear(head, norm(x, weights(`${prefix}norm.weight`))))
    return { logits, residuals: xs, zs }
  }

export const qwen35 = named('model.')
/** As published: the text model within one for images. */
export const nestedQwen35 = named('model.language_model.')
