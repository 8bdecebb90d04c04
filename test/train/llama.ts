import type { Matmul, Matrix, TokenBatch } from '../../lib/inference/runtime'
import type { ModelConfig } from '../../lib/weights/config/config'
import { causalAttention, causalAttentionBackward, rotated } from './attention'

/** Weights by name; a vector is a matrix of one row. */
export type Weights = Map<string, Matrix>

/** Loss, and its derivative by every weight. */
export type Gradient = { loss: number; by: Map<string, Float32Array> }

const names = (layer: number) => {
  const at = `model.layers.${layer}`
  return {
    ...{ q: `${at}.self_attn.q_proj.weight`, k: `${at}.self_attn.k_proj.weight`, v: `${at}.self_attn.v_proj.weight` },
    ...{ o: `${at}.self_attn.o_proj.weight`, gate: `${at}.mlp.gate_proj.weight`, up: `${at}.mlp.up_proj.weight` },
    ...{ down: `${at}.mlp.down_proj.weight`, before: `${at}.input_layernorm.weight` },
    after: `${at}.post_attention_layernorm.weight`,
  }
}
const embedding = 'model.embed_tokens.weight'
const lastNorm = 'model.norm.weight'

/**
 * Mean next-token loss of a Llama with tied embeddings over `batch` [rows, T + 1], nats, and its gradient, forward and
 * backward by hand. `weigh` says how much the prediction of a row's token t + 1 counts; by default all count alike.
 */
export async function lossGradient(
  matmul: Matmul,
  config: ModelConfig,
  weights: Weights,
  batch: TokenBatch,
  weigh: (row: number, t: number) => number = () => 1,
): Promise<Gradient> {
  const { rows, length } = batch
  const T = length - 1
  const shape = { ...config, rows, T }
  const w = (name: string) => weights.get(name) as Matrix
  const by = new Map<string, Float32Array>()
  const add = (name: string, values: Float32Array) => {
    const sum = by.get(name)
    if (!sum) by.set(name, values)
    else for (let i = 0; i < values.length; i++) sum[i] += values[i]
  }
  const tokens = Int32Array.from({ length: rows * T }, (_, i) => batch.ids[Math.floor(i / T) * length + (i % T)])
  const table = w(embedding)
  let x = zeros(rows * T, config.hidden)
  for (const [i, id] of tokens.entries()) x.data.set(rowOf(table, id), i * x.cols)

  const kept: Kept[] = []
  for (let layer = 0; layer < config.layers; layer++) {
    const n = names(layer)
    const a = normed(x, w(n.before), config.normEpsilon)
    const q = rotated(await matmul(a.out, w(n.q), 'b'), config.heads, shape, 1)
    const k = rotated(await matmul(a.out, w(n.k), 'b'), config.kvHeads, shape, 1)
    const v = await matmul(a.out, w(n.v), 'b')
    const attended = causalAttention(q, k, v, shape)
    const middle = sum(x, await matmul(attended.out, w(n.o), 'b'))
    const b = normed(middle, w(n.after), config.normEpsilon)
    const [gate, up] = [await matmul(b.out, w(n.gate), 'b'), await matmul(b.out, w(n.up), 'b')]
    const z = map2(gate, up, (g, u) => (g / (1 + Math.exp(-g))) * u)
    kept.push({ x, a, q, k, v, attended, middle, b, gate, up, z })
    x = sum(middle, await matmul(z, w(n.down), 'b'))
  }
  const last = normed(x, w(lastNorm), config.normEpsilon)
  const logits = await matmul(last.out, table, 'b')
  const loss = lossAndSlopes(logits, batch, weigh)

  add(embedding, (await matmul(logits, last.out, 'a')).data)
  let dx = normedBackward(await matmul(logits, table), x, last, w(lastNorm), (g) => add(lastNorm, g))
  for (let layer = config.layers - 1; layer >= 0; layer--) {
    const n = names(layer)
    const { x: input, a, q, k, v, attended, middle, b, gate, up, z } = kept[layer]
    add(n.down, (await matmul(dx, z, 'a')).data)
    const dz = await matmul(dx, w(n.down))
    const sigmoid = map2(gate, gate, (g) => 1 / (1 + Math.exp(-g)))
    const dUp = map3(dz, gate, sigmoid, (d, g, s) => d * g * s)
    const dGate = map3(
      map2(dz, up, (d, u) => d * u),
      gate,
      sigmoid,
      (d, g, s) => d * s * (1 + g * (1 - s)),
    )
    add(n.up, (await matmul(dUp, b.out, 'a')).data)
    add(n.gate, (await matmul(dGate, b.out, 'a')).data)
    const dB = sum(await matmul(dUp, w(n.up)), await matmul(dGate, w(n.gate)))
    const dMiddle = sum(
      dx,
      normedBackward(dB, middle, b, w(n.after), (g) => add(n.after, g)),
    )
    add(n.o, (await matmul(dMiddle, attended.out, 'a')).data)
    const d = causalAttentionBackward(await matmul(dMiddle, w(n.o)), q, k, v, attended.chances, shape)
    const dQ = rotated(d.q, config.heads, shape, -1)
    const dK = rotated(d.k, config.kvHeads, shape, -1)
    add(n.q, (await matmul(dQ, a.out, 'a')).data)
    add(n.k, (await matmul(dK, a.out, 'a')).data)
    add(n.v, (await matmul(d.v, a.out, 'a')).data)
    const dA = sum(sum(await matmul(dQ, w(n.q)), await matmul(dK, w(n.k))), await matmul(d.v, w(n.v)))
    dx = sum(
      dMiddle,
      normedBackward(dA, input, a, w(n.before), (g) => add(n.before, g)),
    )
  }
  const table_ = by.get(embedding) as Float32Array
  for (const [i, id] of tokens.entries())
    for (let j = 0; j < dx.cols; j++) table_[id * dx.cols + j] += dx.data[i * dx.cols + j]
  return { loss, by }
}

type Normed = { out: Matrix; scales: Float64Array }
type Kept = Record<'x' | 'q' | 'k' | 'v' | 'middle' | 'gate' | 'up' | 'z', Matrix> &
  Record<'a' | 'b', Normed> & { attended: { out: Matrix; chances: Float32Array } }

/** Turns logits into the loss's derivative by them. */
function lossAndSlopes(logits: Matrix, batch: TokenBatch, weigh: (row: number, t: number) => number): number {
  const T = batch.length - 1
  let total = 0
  for (let i = 0; i < logits.rows; i++) total += weigh(Math.floor(i / T), i % T)
  let loss = 0
  for (let i = 0; i < logits.rows; i++) {
    const [r, t] = [Math.floor(i / T), i % T]
    const weight = weigh(r, t) / total
    const values = rowOf(logits, i)
    if (weight === 0) {
      values.fill(0)
      continue
    }
    const target = batch.ids[r * batch.length + t + 1]
    let most = values[0]
    for (let v = 1; v < values.length; v++) if (values[v] > most) most = values[v]
    let mass = 0
    for (let v = 0; v < values.length; v++) mass += Math.exp(values[v] - most)
    loss += weight * (most + Math.log(mass) - values[target])
    for (let v = 0; v < values.length; v++) values[v] = (weight * Math.exp(values[v] - most)) / mass
    values[target] -= weight
  }
  return loss
}

function normed(x: Matrix, gain: Matrix, epsilon: number): Normed {
  const out = zeros(x.rows, x.cols)
  const scales = new Float64Array(x.rows)
  for (let i = 0; i < x.rows; i++) {
    const values = rowOf(x, i)
    let squares = 0
    for (let j = 0; j < values.length; j++) squares += values[j] * values[j]
    scales[i] = 1 / Math.sqrt(squares / x.cols + epsilon)
    for (let j = 0; j < values.length; j++) out.data[i * x.cols + j] = values[j] * scales[i] * gain.data[j]
  }
  return { out, scales }
}

/** The derivative by the norm's input; that by its gain goes to `take`. */
function normedBackward(
  d: Matrix,
  x: Matrix,
  { scales }: Normed,
  gain: Matrix,
  take: (gain: Float32Array) => void,
): Matrix {
  const out = zeros(x.rows, x.cols)
  const dGain = new Float32Array(x.cols)
  for (let i = 0; i < x.rows; i++) {
    const [scale, at] = [scales[i], i * x.cols]
    let along = 0
    for (let j = 0; j < x.cols; j++) {
      along += d.data[at + j] * gain.data[j] * x.data[at + j]
      dGain[j] += d.data[at + j] * x.data[at + j] * scale
    }
    const back = (along * scale ** 3) / x.cols
    for (let j = 0; j < x.cols; j++) out.data[at + j] = d.data[at + j] * gain.data[j] * scale - x.data[at + j] * back
  }
  take(dGain)
  return out
}

const zeros = (rows: number, cols: number): Matrix => ({ data: new Float32Array(rows * cols), rows, cols })
const rowOf = (m: Matrix, i: number) => m.data.subarray(i * m.cols, (i + 1) * m.cols)
const sum = (a: Matrix, b: Matrix) => map2(a, b, (x, y) => x + y)
const map2 = (a: Matrix, b: Matrix, f: (x: number, y: number) => number): Matrix => ({
  ...a,
  data: a.data.map((x, i) => f(x, b.data[i])),
})
const map3 = (a: Matrix, b: Matrix, c: Matrix, f: (x: number, y: number, z: number) => number): Matrix => ({
  ...a,
  data: a.data.map((x, i) => f(x, b.data[i], c.data[i])),
})
