import type { ModelConfig } from '../weights/config/config'
import { embeddingName, positionsName } from '../weights/config/tensor-names'
import type { TensorTable } from '../weights/tensor'
import { attention } from './attention/attention'
import type { CacheNames } from './attention/cache'
import { decoderLayer } from './graph/decoder-layer'
import { graphBuilder } from './graph/graph-builder'
import { type GraphContext, graphContext } from './graph/graph-context'
import type { GraphOptions } from './graph/graph-options'
import { layerInputs } from './graph/layer-inputs'
import { attentionPrecision } from './graph/precision'
import type { Tap } from './graph/tap'
import { tapResidual } from './graph/tap-residual'
import { encodeModel } from './proto/model-proto'
import { tokenPositions } from './rope/positions'
import { inputRopeTables } from './rope/rotary'

/**
 * The graph of a model over its safetensors files themselves, as an ONNX file of a few kilobytes.
 *
 * Inputs: `ids` int32 [n, t], `lengths` int32 [n] (tokens so far in each row, minus one), `total` int32 [] (tokens so
 * far), the cosines and sines of rotary positions, the editable tensors and, with `cache`, the past. Outputs: the taps
 * and, with `cache`, the present. The residual is [n · t, hidden] throughout, so that every linear map is one Gemm in
 * the layout of the file.
 */
export function modelGraph(config: ModelConfig, tensors: TensorTable, options: GraphOptions): Uint8Array {
  const g = graphBuilder()
  const ids = g.input({ name: 'ids', type: 'I32', shape: ['n', 't'] })
  const ctx = graphContext(g, config, tensors, ids, options)
  const depth = depthOf(options.taps, config.layers)
  const { first = 0 } = options
  const everywhere: Tap[] = ['nll', 'residuals', `zs.${depth - 1}`, `states.${depth}`]
  const lastOnly = !everywhere.some(ctx.wants)
  const positions = tokenPositions(g, ids, {
    lengths: g.input({ name: 'lengths', type: 'I32', shape: ['n'] }),
    total: g.input({ name: 'total', type: 'I32', shape: [] }),
  })
  const { precision } = options
  const tables = inputRopeTables(g, config, attentionPrecision(config, precision))
  const cache = options.cache ? cacheNames : null
  let x =
    first > 0
      ? g.input({ name: 'states', type: 'F32', shape: ['n · t', config.hidden] })
      : embedded(ctx, positions.indices)
  const settings = {
    attention: attention(g, config, positions, tables, cache, precision),
    cache,
    inputs: first < depth ? layerInputs(ctx, x) : null,
  }
  for (let layer = first; layer < depth; layer++)
    x = decoderLayer(ctx, settings, layer, x, lastOnly && layer === depth - 1)
  ctx.tap(`states.${depth}`, x, config.hidden)
  tapResidual(ctx, x, lastOnly)
  return encodeModel(g.graph)
}

const cacheNames: CacheNames = {
  ...{ past: 'past', present: 'present', rows: 'n', tokens: { past: 'past tokens', present: 'present tokens' } },
}

/** The number of layers that these taps need. */
function depthOf(taps: readonly Tap[], layers: number): number {
  const depths = taps.map((tap) => {
    const [name, layer] = tap.split('.')
    return layer === undefined ? layers : Number(layer) + (name === 'states' ? 0 : 1)
  })
  return Math.max(0, ...depths)
}

/** The embeddings of the tokens, [n · t, hidden]. */
export function embedded({ g, config, ids, embeddingLookup, times, flat }: GraphContext, indices: string): string {
  const tokens = times(embeddingLookup(embeddingName(config), ids), config.embeddingScale)
  const table = positionsName(config)
  const placed = table ? g.add('Add', [tokens, embeddingLookup(table, indices)]) : tokens
  return flat(placed, config.hidden)
}
