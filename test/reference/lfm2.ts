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
  vector,
} from './math'
import { rotaryFrequencies } from './rope'

/**
 * LFM2: most layers are a short convolution between two gates, the others attention with normalised q and k.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/lfm2/modeling_lfm2.py
 */
export const lfm2: Forward = (config, weights, ids) => {
  const { norm_eps: epsilon, hidden_size: hidden } = config
  const size = hidden / config.num_attention_heads
  const { frequencies } = rotaryFrequencies(config, size, ids.length)
  const embedding = weights('model.embed_tokens.weight')
  let xs = ids.map((id) => rowOf(embedding, id))
  const zs: number[][][] = []
  for (const layer of range(config.num_hidden_layers)) {
    const w = (part: string, kind = 'weight') => weights(`model.layers.${layer}.${part}.${kind}`)
    const norm = (x: number[], part: string) => rmsNorm(x, vector(w(part)), epsilon)
    const ys = xs.map((x) => norm(x, 'operator_norm'))
    const attention = () => {
      const heads = (part: string) => ys.map((y) => headsOf(linear(w(`self_attn.${part}_proj`), y), size))
      const turned = (part: string) =>
        heads(part).map((row, i) =>
          row.map((head) => rotate(norm(head, `self_attn.${part}_layernorm`), i, frequencies)),
        )
      const mixed = attend(turned('q'), turned('k'), heads('v'), { scale: size ** -0.5 })
      return mixed.map((row) => linear(w('self_attn.out_proj'), row))
    }
    const convolution = () => {
      const bias = (part: string) => (config.conv_bias ? w(part, 'bias') : undefined)
      const thirds = ys.map((y) => headsOf(linear(w('conv.in_proj'), y, bias('conv.in_proj')), hidden))
      const gated = thirds.map(([before, , x]) => x.map((value, i) => before[i] * value))
      const convolved = causalConv(gated, w('conv.conv'), bias('conv.conv'))
      return convolved.map((row, t) =>
        linear(
          w('conv.out_proj'),
          row.map((value, i) => thirds[t][1][i] * value),
          bias('conv.out_proj'),
        ),
      )
    }
    const output = config.layer_types[layer] === 'conv' ? convolution() : attention()
    xs = xs.map((x, i) => add(x, output[i]))
    const z = xs.map((x) => {
      const u = norm(x, 'ffn_norm')
      const up = linear(w('feed_forward.w3'), u)
      return linear(w('feed_forward.w1'), u).map((g, i) => silu(g) * up[i])
    })
    zs.push(z)
    xs = xs.map((x, i) => add(x, linear(w('feed_forward.w2'), z[i])))
  }
  const logits = xs.map((x) => linear(embedding, rmsNorm(x, vector(weights('model.embedding_norm.weight')), epsilon)))
  return { logits, residuals: xs, zs }
}
