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
  silu,
  softplus,
  vector,
} from './math'
import { rotaryFrequencies } from './rope'

type Step = { x: number[]; b: number[]; c: number[]; time: number }

/** One head of Mamba-2, token by token. https://arxiv.org/abs/2405.21060, equation 1 and section 7.1 */
function stateSpace(steps: Step[], rate: number, skip: number): number[][] {
  let state = steps[0].b.map(() => steps[0].x.map(() => 0))
  return steps.map(({ x, b, c, time }) => {
    state = state.map((row, i) => row.map((value, j) => value * Math.exp(time * rate) + time * b[i] * x[j]))
    return x.map((value, j) => c.reduce((sum, read, i) => sum + read * state[i][j], skip * value))
  })
}

/**
 * Granite 4 without experts: Mamba-2 in most layers, attention without positions in the others, and four factors.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/granitemoehybrid/modeling_granitemoehybrid.py
 */
export const graniteHybrid: Forward = (config, weights, ids) => {
  const { rms_norm_eps: epsilon, hidden_size: hidden, residual_multiplier: residual } = config
  const size = hidden / config.num_attention_heads
  const { frequencies } = rotaryFrequencies(config, size, ids.length)
  const embedding = weights('model.embed_tokens.weight')
  let xs = ids.map((id) => rowOf(embedding, id).map((x) => x * config.embedding_multiplier))
  const zs: number[][][] = []
  const plus = (x: number[], y: number[]) =>
    add(
      x,
      y.map((value) => residual * value),
    )
  for (const layer of range(config.num_hidden_layers)) {
    const raw = (part: string) => weights(`model.layers.${layer}.${part}`)
    const w = (part: string) => raw(`${part}.weight`)
    const norm = (x: number[], part: string) => rmsNorm(x, vector(w(part)), epsilon)
    const ys = xs.map((x) => norm(x, 'input_layernorm'))
    const attention = () => {
      const heads = (part: string) => ys.map((y) => headsOf(linear(w(`self_attn.${part}_proj`), y), size))
      const placed = (part: string) =>
        config.position_embedding_type === 'rope'
          ? heads(part).map((row, i) => row.map((head) => rotate(head, i, frequencies)))
          : heads(part)
      const mixed = attend(placed('q'), placed('k'), heads('v'), { scale: config.attention_multiplier })
      return mixed.map((row) => linear(w('self_attn.o_proj'), row))
    }
    const mamba = () => {
      const { mamba_n_heads: count, mamba_d_head: headDim, mamba_n_groups: groups, mamba_d_state: states } = config
      const inner = count * headDim
      const shared = groups * states
      const all = ys.map((y) => linear(w('mamba.in_proj'), y))
      const convolved = causalConv(
        all.map((row) => row.slice(inner, 2 * inner + 2 * shared)),
        w('mamba.conv1d'),
        raw('mamba.conv1d.bias'),
      ).map((row) => row.map(silu))
      const read = range(count).map((head) => {
        const group = Math.floor(head / (count / groups))
        const of = (row: number[], from: number, index: number, width: number) =>
          row.slice(from + index * width, from + (index + 1) * width)
        const steps = convolved.map((row, t) => ({
          x: of(row, 0, head, headDim),
          b: of(row, inner, group, states),
          c: of(row, inner + shared, group, states),
          time: softplus(all[t][2 * inner + 2 * shared + head] + raw('mamba.dt_bias').data[head]),
        }))
        return stateSpace(steps, -Math.exp(raw('mamba.A_log').data[head]), raw('mamba.D').data[head])
      })
      return all.map((row, t) => {
        const gated = read.flatMap((rows) => rows[t]).map((value, i) => value * silu(row[i]))
        return linear(w('mamba.out_proj'), norm(gated, 'mamba.norm'))
      })
    }
    const output = config.layer_types[layer] === 'mamba' ? mamba() : attention()
    xs = xs.map((x, i) => plus(x, output[i]))
    const z = xs.map((x) => {
      const both = linear(w('shared_mlp.input_linear'), norm(x, 'post_attention_layernorm'))
      const ff = both.length / 2
      return range(ff).map((i) => silu(both[i]) * both[ff + i])
    })
    zs.push(z)
    xs = xs.map((x, i) => plus(x, linear(w('shared_mlp.output_linear'), z[i])))
  }
  const logits = xs.map((x) =>
    linear(embedding, rmsNorm(x, vector(weights('model.norm.weight')), epsilon)).map((y) => y / config.logits_scaling),
  )
  return { logits, residuals: xs, zs }
}
