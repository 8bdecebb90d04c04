import { KinmarkError } from '../error'
import type { LlamaConfig } from '../weights/config'
import { isWeightDtype } from '../weights/dtype'
import { embeddingName, finalNormName, headName, layerTensorName } from '../weights/llama'
import type { TensorTable } from '../weights/tensor'
import { type GraphBuilder, graphBuilder } from './graph-builder'
import { encodeModel } from './model-proto'
import type { Tap } from './tap'

export type GraphOptions = {
  taps: readonly Tap[]
  /** Tensors that are fed at every run, as float32, instead of being read from the file. */
  editable: readonly string[]
  /** Takes and gives the keys and values of earlier tokens: `past.{layer}.key` → `present.{layer}.key`. */
  cache: boolean
}

/**
 * The graph of a Llama model over the safetensors files themselves, as an ONNX file of a few kilobytes.
 *
 * Inputs: `ids` int32 [n, t], `lengths` int32 [n] (tokens so far in each row, minus one), `total` int32 [] (tokens so
 * far), the editable tensors and, with `cache`, the past. Inside, the residual is [n · t, hidden] throughout, so that
 * every linear map is one Gemm in the file's own [out, in] layout. Weights are widened to float32 once, when ORT folds
 * the casts: all backends compute alike.
 */
export function llamaGraph(config: LlamaConfig, tensors: TensorTable, options: GraphOptions): Uint8Array {
  const g = graphBuilder()
  const weight = weights(g, tensors, options.editable)
  const norm = (x: string, name: string) =>
    g.add('SimplifiedLayerNormalization', [x, weight(name)], { axis: -1, epsilon: { float: config.normEpsilon } })
  const linear = (x: string, name: string) => g.add('Gemm', [x, weight(name)], { transB: 1 })

  const ids = g.input({ name: 'ids', type: 'I32', shape: ['n', 't'] })
  const rowsByTokens = g.add('Concat', [g.add('Shape', [ids]), g.ints(-1)], { axis: 0 })
  const perRow = (x: string) => g.add('Reshape', [x, rowsByTokens])
  const flat = (x: string, width: number) => g.add('Reshape', [x, g.ints(-1, width)])
  const atLast = (x: string, width: number) => flat(g.add('Gather', [perRow(x), g.ints(-1)], { axis: 1 }), width)
  const wants = (tap: Tap) => options.taps.includes(tap)
  const tap = (name: Tap, value: string, width: number) =>
    wants(name) && g.output(value, { name, type: 'F32', shape: [`rows of ${name}`, width] })

  const attend = attention(g, config, options.cache, perRow)
  let x = flat(g.add('Gather', [weight(embeddingName), ids], { axis: 0 }), config.hidden)
  for (let layer = 0; layer < depthOf(options.taps, config.layers); layer++) {
    const name = (part: string) => layerTensorName(layer, part)
    const y = norm(x, name('input_layernorm'))
    const heads = (part: string) => linear(y, name(`self_attn.${part}_proj`))
    const mixed = attend(layer, heads('q'), heads('k'), heads('v'))
    x = g.add('Add', [x, linear(flat(mixed, config.heads * config.headDim), name('self_attn.o_proj'))])

    const u = norm(x, name('post_attention_layernorm'))
    const gate = linear(u, name('mlp.gate_proj'))
    const silu = g.add('Mul', [gate, g.add('Sigmoid', [gate])])
    const z = g.add('Mul', [silu, linear(u, name('mlp.up_proj'))])
    tap(`zs.${layer}`, z, config.ff)
    if (wants(`z.${layer}`)) tap(`z.${layer}`, atLast(z, config.ff), config.ff)
    x = g.add('Add', [x, linear(z, name('mlp.down_proj'))])
  }

  const head = (residual: string) => linear(norm(residual, finalNormName), headName(config))
  tap('residuals', x, config.hidden)
  if (wants('residual') || wants('logits')) {
    const last = atLast(x, config.hidden)
    tap('residual', last, config.hidden)
    if (wants('logits')) tap('logits', head(last), config.vocab)
  }
  if (wants('nll')) {
    const before = flat(g.add('Slice', [perRow(x), g.ints(0), g.ints(-1), g.ints(1)]), config.hidden)
    const next = flat(g.add('Slice', [ids, g.ints(1), g.ints(config.maxPositions + 1), g.ints(1)]), 1)
    const logProbability = g.add('GatherElements', [g.add('LogSoftmax', [head(before)], { axis: -1 }), next], {
      axis: 1,
    })
    tap('nll', g.add('Neg', [logProbability]), 1)
  }
  return encodeModel(g.graph)
}

/** How many layers these taps need. */
function depthOf(taps: readonly Tap[], layers: number): number {
  const depths = taps.map((tap) => (tap.startsWith('z') ? Number(tap.split('.')[1]) + 1 : layers))
  return Math.max(0, ...depths)
}

/** Declares each weight at its first use: an input where editable, else the file's own bytes, widened to float32. */
function weights(g: GraphBuilder, tensors: TensorTable, editable: readonly string[]): (name: string) => string {
  const declared = new Map<string, string>()
  const declare = (name: string) => {
    const tensor = tensors.get(name)
    if (!tensor || !isWeightDtype(tensor.dtype)) throw new KinmarkError(`The model has no weight “${name}”.`)
    if (editable.includes(name)) return g.input({ name, type: 'F32', shape: tensor.shape })
    const stored = g.initializer({ ...tensor, type: tensor.dtype })
    return tensor.dtype === 'F32' ? stored : g.add('Cast', [stored], { to: 1 })
  }
  return (name) => {
    const value = declared.get(name) ?? declare(name)
    declared.set(name, value)
    return value
  }
}

/** Causal grouped-query attention with rotary positions, as ORT's one fused operator. q, k, v are [n · t, width]. */
function attention(g: GraphBuilder, config: LlamaConfig, cache: boolean, perRow: (x: string) => string) {
  const { heads, kvHeads, headDim } = config
  const lengths = g.input({ name: 'lengths', type: 'I32', shape: ['n'] })
  const total = g.input({ name: 'total', type: 'I32', shape: [] })
  const pairs = headDim / 2
  const frequencies = Float32Array.from({ length: pairs }, (_, i) => config.ropeTheta ** ((-2 * i) / headDim))
  const raw = new Uint8Array(frequencies.buffer)
  const zero = g.initializer({ name: 'zero', type: 'I32', shape: [], raw: new Uint8Array(4) })
  const one = g.initializer({ name: 'one', type: 'I32', shape: [], raw: Uint8Array.of(1, 0, 0, 0) })
  const positions = g.add('Cast', [g.add('Range', [zero, total, one])], { to: 1 })
  const angles = g.add('Mul', [
    g.add('Unsqueeze', [positions, g.ints(1)]),
    g.initializer({ name: 'rotary frequencies', type: 'F32', shape: [1, pairs], raw }),
  ])
  const cos = g.add('Cos', [angles])
  const sin = g.add('Sin', [angles])

  return (layer: number, q: string, k: string, v: string): string => {
    const state = (time: 'past' | 'present', part: 'key' | 'value') => ({
      name: `${time}.${layer}.${part}`,
      type: 'F32' as const,
      shape: ['n', kvHeads, `${time} tokens`, headDim],
    })
    const past = cache ? [g.input(state('past', 'key')), g.input(state('past', 'value'))] : ['', '']
    const outputs = [`attention.${layer}`]
    if (cache) {
      const present = [state('present', 'key'), state('present', 'value')]
      g.graph.outputs.push(...present)
      outputs.push(...present.map(({ name }) => name))
    }
    return g.add(
      'GroupQueryAttention',
      [perRow(q), perRow(k), perRow(v), ...past, lengths, total, cos, sin],
      { num_heads: heads, kv_num_heads: kvHeads, do_rotary: 1 },
      { domain: 'com.microsoft', outputs },
    )
  }
}
