import type { LlamaConfig } from '../weights/config'
import { embeddingName, finalNormName, headName, layerTensorName } from '../weights/llama'
import type { TensorTable } from '../weights/tensor'
import { type Attention, attention } from './attention'
import { type GraphBuilder, graphBuilder } from './graph-builder'
import { graphWeights } from './graph-weights'
import { encodeModel } from './model-proto'
import type { Tap } from './tap'

type GraphOptions = {
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
 * every linear map is one Gemm in the file's own [out, in] layout. Weights are widened to float32 once, when
 * onnxruntime folds the casts, so that all backends compute alike.
 */
export function llamaGraph(config: LlamaConfig, tensors: TensorTable, options: GraphOptions): Uint8Array {
  const g = graphBuilder()
  const scope = scopeOf(g, config, tensors, options)
  const attend = attention(g, config, options.cache)
  const depth = depthOf(options.taps, config.layers)
  const lastOnly = !(scope.wants('nll') || scope.wants('residuals') || scope.wants(`zs.${depth - 1}`))
  let x = scope.flat(g.add('Gather', [scope.weight(embeddingName), scope.ids], { axis: 0 }), config.hidden)
  for (let layer = 0; layer < depth; layer++) x = decoderLayer(scope, attend, layer, x, lastOnly && layer === depth - 1)
  tapResidual(scope, x, lastOnly)
  return encodeModel(g.graph)
}

/** How many layers these taps need. */
function depthOf(taps: readonly Tap[], layers: number): number {
  const depths = taps.map((tap) => (tap.startsWith('z') ? Number(tap.split('.')[1]) + 1 : layers))
  return Math.max(0, ...depths)
}

type Scope = ReturnType<typeof scopeOf>

/** The phrases that a Llama is written in. */
function scopeOf(g: GraphBuilder, config: LlamaConfig, tensors: TensorTable, { taps, editable }: GraphOptions) {
  const weight = graphWeights(g, tensors, editable)
  const epsilon = { float: config.normEpsilon }
  const ids = g.input({ name: 'ids', type: 'I32', shape: ['n', 't'] })
  const rowsByTokens = g.add('Concat', [g.add('Shape', [ids]), g.ints(-1)], { axis: 0 })
  const flat = (x: string, width: number) => g.add('Reshape', [x, g.ints(-1, width)])
  const perRow = (x: string) => g.add('Reshape', [x, rowsByTokens])
  const wants = (tap: Tap) => taps.includes(tap)
  return {
    g,
    config,
    ids,
    weight,
    wants,
    /** [n, t, width] → [n · t, width]. */
    flat,
    /** [n · t, width] → [n, t, width]. */
    perRow,
    /** [n · t, width] → [n, width]. */
    atLast: (x: string, width: number) => flat(g.add('Gather', [perRow(x), g.ints(-1)], { axis: 1 }), width),
    norm: (x: string, name: string) => g.add('SimplifiedLayerNormalization', [x, weight(name)], { axis: -1, epsilon }),
    linear: (x: string, name: string) => g.add('Gemm', [x, weight(name)], { transB: 1 }),
    tap: (name: Tap, value: string, width: number) =>
      wants(name) && g.output(value, { name, type: 'F32', shape: [`rows of ${name}`, width] }),
  }
}

/** With `narrowed`, only the last position of each row goes on behind the attention: no later layer needs the others. */
function decoderLayer(scope: Scope, attend: Attention, layer: number, x: string, narrowed: boolean): string {
  const { g, config, norm, linear, perRow, atLast, tap, wants } = scope
  const { hidden, ff } = config
  const width = config.heads * config.headDim
  const name = (part: string) => layerTensorName(layer, part)
  const kept = (value: string, columns: number) => (narrowed ? atLast(value, columns) : value)

  const y = norm(x, name('input_layernorm'))
  const [q, k, v] = ['q', 'k', 'v'].map((part) => perRow(linear(y, name(`self_attn.${part}_proj`))))
  const mixed = kept(scope.flat(attend(layer, q, k, v), width), width)
  const middle = g.add('Add', [kept(x, hidden), linear(mixed, name('self_attn.o_proj'))])

  const u = norm(middle, name('post_attention_layernorm'))
  const gate = linear(u, name('mlp.gate_proj'))
  const silu = g.add('Mul', [gate, g.add('Sigmoid', [gate])])
  const z = g.add('Mul', [silu, linear(u, name('mlp.up_proj'))])
  tap(`zs.${layer}`, z, ff)
  if (wants(`z.${layer}`)) tap(`z.${layer}`, narrowed ? z : atLast(z, ff), ff)
  return g.add('Add', [middle, linear(z, name('mlp.down_proj'))])
}

/** What leaves the graph behind the last layer; `x` is the residual, of the last positions only where `lastOnly`. */
function tapResidual(scope: Scope, x: string, lastOnly: boolean): void {
  const { g, config, ids, flat, perRow, atLast, tap, wants } = scope
  const head = (residual: string) => scope.linear(scope.norm(residual, finalNormName), headName(config))
  tap('residuals', x, config.hidden)
  if (wants('residual') || wants('logits')) {
    const last = lastOnly ? x : atLast(x, config.hidden)
    tap('residual', last, config.hidden)
    if (wants('logits')) tap('logits', head(last), config.vocab)
  }
  if (wants('nll')) {
    const before = flat(g.add('Slice', [perRow(x), g.ints(0), g.ints(-1), g.ints(1)]), config.hidden)
    const next = flat(g.add('Slice', [ids, g.ints(1), g.ints(config.maxPositions), g.ints(1)]), 1)
    const logProbabilities = g.add('LogSoftmax', [head(before)], { axis: -1 })
    tap('nll', g.add('Neg', [g.add('GatherElements', [logProbabilities, next], { axis: 1 })]), 1)
  }
}
