import type { ModelConfig } from '../weights/config/config'
import type { TensorTable } from '../weights/tensor'
import { attention } from './attention/attention'
import type { CacheNames } from './attention/cache'
import { decoderLayer } from './graph/decoder-layer'
import { graphBuilder } from './graph/graph-builder'
import { graphContext } from './graph/graph-context'
import { layerInputs } from './graph/layer-inputs'
import { unembedded } from './graph/tap-residual'
import { embedded } from './model-graph'
import { elementType, encodeModel } from './proto/model-proto'
import { tokenPositions } from './rope/positions'
import { builtInRopeTables } from './rope/rotary'

const cacheNames: CacheNames = {
  ...{ past: 'past_key_values', present: 'present', rows: 'batch_size' },
  tokens: { past: 'past_sequence_length', present: 'total_sequence_length' },
}

/**
 * The graph of a model with the inputs and outputs that transformers.js and Optimum expect: `input_ids`,
 * `attention_mask` and `past_key_values.*` give `logits` of every position and `present.*`. All rows of a batch have
 * the same length: positions follow from the length of the mask.
 */
export function exportGraph(config: ModelConfig, tensors: TensorTable): Uint8Array {
  const g = graphBuilder()
  const ids = g.input({ name: 'input_ids', type: 'I64', shape: ['batch_size', 'sequence_length'] })
  const mask = g.input({ name: 'attention_mask', type: 'I64', shape: ['batch_size', 'total_sequence_length'] })
  const int32 = (x: string) => g.add('Cast', [x], { to: elementType.I32 })
  const ones = g.add('ReduceSum', [mask, g.ints(1)], { keepdims: 0 })
  const positions = tokenPositions(g, ids, {
    lengths: int32(g.add('Sub', [ones, g.ints(1)])),
    total: int32(g.add('Squeeze', [g.add('Shape', [mask], { start: 1, end: 2 })])),
  })
  const ctx = graphContext(g, config, tensors, ids, { taps: [], editable: [], precision: 'F32', held: null })
  const tables = builtInRopeTables(g, config, positions)
  let x = embedded(ctx, positions.indices)
  const settings = {
    attention: attention(g, config, positions, tables, cacheNames, 'F32'),
    cache: cacheNames,
    inputs: layerInputs(ctx, x),
  }
  for (let layer = 0; layer < config.layers; layer++) x = decoderLayer(ctx, settings, layer, x, false)
  const shape = ['batch_size', 'sequence_length', config.vocab]
  g.output(ctx.perRow(unembedded(ctx, x), config.vocab), { name: 'logits', type: 'F32', shape })
  return encodeModel(g.graph)
}
