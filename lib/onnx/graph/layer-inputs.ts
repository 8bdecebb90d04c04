import { layerInputNames, partName } from '../../weights/config/tensor-names'
import { activated } from './activated'
import type { GraphContext } from './graph-context'

/** Gemma 4's inputs of all layers, [n · t, layers · width], side by side. */
export type LayerInputs = { all: string; width: number }

/**
 * The mean of each token's own embedding for every layer and of what a matrix makes of its main embedding x, each
 * multiplied by √2; null if the model has no such inputs.
 * https://github.com/huggingface/transformers/blob/main/src/transformers/models/gemma4/modeling_gemma4.py
 */
export function layerInputs(ctx: GraphContext, x: string): LayerInputs | null {
  const { g, config, ids, flat, norm, linear, times, intoBlock, fromBlock, embeddingLookup } = ctx
  const { layers, hidden, layerInput } = config
  const names = layerInputNames(config)
  if (!names || !layerInput) return null
  const { width } = layerInput
  const tokens = flat(times(embeddingLookup(names.embedding, ids), Math.sqrt(width)), layers * width)
  const projected = times(fromBlock(linear(intoBlock(x), names.projection)), hidden ** -0.5)
  const normed = norm(flat(projected, width, `n · t · ${layers}`), names.norm)
  const sum = g.add('Add', [flat(normed, layers * width), tokens])
  return { all: times(sum, Math.SQRT1_2), width }
}

/** Adds the layer's own input to its output x, through the residual's gate, and multiplies by the layer's factor. */
export function addLayerInput(
  ctx: GraphContext,
  inputs: LayerInputs | null,
  layer: number,
  x: string,
  lastOnly: boolean,
): string {
  const { g, config, weight, part, lastToken, intoBlock, fromBlock } = ctx
  const factor = partName(config, layer, 'layerScale')
  const scaled = (value: string) => (factor ? g.add('Mul', [value, weight(factor)]) : value)
  if (!inputs) return scaled(x)
  const { all, width } = inputs
  const own = g.add('Slice', [all, g.ints(layer * width), g.ints((layer + 1) * width), g.ints(1)])
  const gate = fromBlock(activated(ctx, part(layer, 'layerInputGate', intoBlock(x)) as string))
  const gated = g.add('Mul', [gate, lastOnly ? lastToken(own, width) : own])
  const output = fromBlock(part(layer, 'layerInputOut', intoBlock(gated)) as string)
  return scaled(g.add('Add', [x, part(layer, 'layerInputNorm', output) as string]))
}
