import {
  add,
  attend,
  type Forward,
  headsOf,
  linear,
  range,
  rmsNorm,
  rotateNeighbours,
  rowOf,
  silu,
  vector,
} from './math'
import { rotaryFrequencies } from './rope'

/**
 * ERNIE 4.5: rotation of neighbouring dimensions, and biases everywhere if the config asks for them.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/ernie4_5/modeling_ernie4_5.py
 */
export const ernie: Forward = (config, weights, ids) => {
  const { rms_norm_eps: epsilon, head_dim: size } = config
  const { frequencies } = rotaryFrequencies(config, size, ids.length)
  const embedding = weights('model.embed_tokens.weight')
  let xs = ids.map((id) => rowOf(embedding, id))
  const zs: number[][][] = []
  for (const layer of range(config.num_hidden_layers)) {
    const w = (part: string, kind = 'weight') => weights(`model.layers.${layer}.${part}.${kind}`)
    const map = (part: string, x: number[]) => linear(w(part), x, config.use_bias ? w(part, 'bias') : undefined)
    const ys = xs.map((x) => rmsNorm(x, vector(w('input_layernorm')), epsilon))
    const heads = (part: string) => ys.map((y) => headsOf(map(`self_attn.${part}_proj`, y), size))
    const turned = (part: string) =>
      heads(part).map((row, i) => row.map((head) => rotateNeighbours(head, i, frequencies)))
    const mixed = attend(turned('q'), turned('k'), heads('v'), { scale: size ** -0.5 })
    xs = xs.map((x, i) => add(x, map('self_attn.o_proj', mixed[i])))
    const z = xs.map((x) => {
      const u = rmsNorm(x, vector(w('post_attention_layernorm')), epsilon)
      const up = map('mlp.up_proj', u)
      return map('mlp.gate_proj', u).map((g, i) => silu(g) * up[i])
    })
    zs.push(z)
    xs = xs.map((x, i) => add(x, map('mlp.down_proj', z[i])))
  }
  const logits = xs.map((x) => linear(embedding, rmsNorm(x, vector(weights('model.norm.weight')), epsilon)))
  return { logits, residuals: xs, zs }
}
