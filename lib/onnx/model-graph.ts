import type { ModelConfig } from '../weights/config/config'
import { embeddingName, positionsName } from '../weights/config/tensor-names'
import type { TensorTable } from '../weights/tensor'
import { attention } from './attention/attention'
import type { CacheNames } from './attention/cache'
import { decoderLayer } from './graph/decoder-layer'
import { graphBuilder } from './graph/graph-builder'
import { graphScope, type Scope } from './graph/graph-context'
import { attentionPrecision, type Precision } from './graph/precision'
import type { Tap } from './graph/tap'
import { tapResidual } from './graph/tap-residual'
import { encodeModel } from './proto/model-proto'
import { tokenPositions } from './rope/positions'
import { fedTurns } from './rope/rotary'

export type GraphOptions = {
  taps: readonly Tap[]
  /** Matrices that are fed at every run, as float32 [out, in], instead of being read from the file. */
  editable: readonly string[]
  /** Takes and gives the keys and values of earlier tokens: `past.{layer}.key` → `present.{layer}.key`. */
  cache: boolean
  /**
   * What products and attention are computed in. A few numbers of a residual are larger than half precision can tell
   * apart, so the residual is float32 in both. https://arxiv.org/abs/2402.17762
   */
  precision: Precision
  /** What the weights, all of them, are held in while it runs; null: they are cast once, when onnxruntime folds the casts. */
  held: Precision | null
}

/**
 * The graph of a model over its safetensors files themselves, as an ONNX file of a few kilobytes.
 *
 * Inputs: `ids` int32 [n, t], `lengths` int32 [n] (tokens so far in each row, minus one), `total` int32 [] (tokens so
 * far), the turns of rotary positions, the editable tensors and, with `cache`, the past. Inside, the residual is [n · t, hidden] throughout, so that
 * every linear map is one Gemm in the file's own layout.
 */
export function modelGraph(config: ModelConfig, tensors: TensorTable, options: GraphOptions): Uint8Array {
  const g = graphBuilder()
  const ids = g.input({ name: 'ids', type: 'I32', shape: ['n', 't'] })
  const scope = graphScope(g, config, tensors, ids, options)
  const depth = depthOf(options.taps, config.layers)
  const lastOnly = !(scope.wants('nll') || scope.wants('residuals') || scope.wants(`zs.${depth - 1}`))
  const positions = tokenPositions(g, ids, {
    lengths: g.input({ name: 'lengths', type: 'I32', shape: ['n'] }),
    total: g.input({ name: 'total', type: 'I32', shape: [] }),
  })
  const { precision } = options
  const turns = fedTurns(g, config, attentionPrecision(config, precision))
  const attend = attention(g, config, positions, turns, options.cache ? cacheNames : null, precision)
  let x = embedded(scope, positions.indices)
  for (let layer = 0; layer < depth; layer++) x = decoderLayer(scope, attend, layer, x, lastOnly && layer === depth - 1)
  tapResidual(scope, x, lastOnly)
  return encodeModel(g.graph)
}

const cacheNames: CacheNames = {
  ...{ past: 'past', present: 'present', rows: 'n', tokens: { past: 'past tokens', present: 'present tokens' } },
}

/** How many layers these taps need. */
function depthOf(taps: readonly Tap[], layers: number): number {
  const depths = taps.map((tap) => (tap.startsWith('z') ? Number(tap.split('.')[1]) + 1 : layers))
  return Math.max(0, ...depths)
}

/** [n · t, hidden] */
export function embedded({ g, config, ids, looked, times, flat }: Scope, indices: string): string {
  const tokens = times(looked(embeddingName(config), ids), config.embeddingScale)
  const table = positionsName(config)
  const placed = table ? g.add('Add', [tokens, looked(table, indices)]) : tokens
  return flat(placed, config.hidden)
}
