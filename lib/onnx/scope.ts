import type { ModelConfig } from '../weights/config'
import type { Part } from '../weights/families'
import type { TensorTable } from '../weights/tensor'
import { biasName, familyRow, liesInOut, partName } from '../weights/tensor-names'
import type { GraphBuilder } from './graph-builder'
import { graphWeights } from './graph-weights'
import type { GraphOptions } from './model-graph'
import type { Tap } from './tap'

export type Scope = ReturnType<typeof graphScope>

/** The phrases that a model is written in. */
export function graphScope(
  g: GraphBuilder,
  config: ModelConfig,
  tensors: TensorTable,
  /** [n, t] */
  ids: string,
  { taps, editable }: Pick<GraphOptions, 'taps' | 'editable'>,
) {
  const { norm: kind } = familyRow(config)
  const weight = graphWeights(g, tensors, shapesOf(config, tensors, editable))
  const epsilon = { float: config.normEpsilon }
  const rowsByTokens = g.add('Concat', [g.add('Shape', [ids]), g.ints(-1)], { axis: 0 })
  const flat = (x: string, width: number, rows = 'n · t') =>
    g.shaped(g.add('Reshape', [x, g.ints(-1, width)]), [rows, width])
  const perRow = (x: string, width: number) => g.shaped(g.add('Reshape', [x, rowsByTokens]), [...g.shapeOf(ids), width])
  const wants = (tap: Tap) => taps.includes(tap)
  const times = (x: string, factor: number) => (factor === 1 ? x : g.add('Mul', [x, g.floats([factor], [])]))

  const norm = (x: string, name: string) => {
    if (kind === 'layer')
      return g.add('LayerNormalization', [x, weight(name), weight(biasName(name))], { axis: -1, epsilon })
    const gain = kind === 'rms1' ? g.add('Add', [weight(name), g.floats([1], [])]) : weight(name)
    return g.add('SimplifiedLayerNormalization', [x, gain], { axis: -1, epsilon })
  }
  const linear = (x: string, name: string, biased = false) => {
    const inOut = liesInOut(config, name) && !editable.includes(name)
    return g.add('Gemm', [x, weight(name), ...(biased ? [weight(biasName(name))] : [])], { transB: inOut ? 0 : 1 })
  }
  return {
    g,
    config,
    ids,
    weight,
    wants,
    /** [n, t, width] → [n · t, width], or as many rows as `rows` names. */
    flat,
    /** [n · t, width] → [n, t, width]. */
    perRow,
    /** [n · t, width] → [n, width]. */
    atLast: (x: string, width: number) =>
      flat(g.add('Gather', [perRow(x, width), g.ints(-1)], { axis: 1 }), width, 'n · 1'),
    times,
    norm,
    linear,
    /** cap · tanh(x / cap) */
    capped: (x: string, cap: number | null) => (cap === null ? x : times(g.add('Tanh', [times(x, 1 / cap)]), cap)),
    /** What a part of a layer makes of x; null where the family has none. */
    part(layer: number, part: Part, x: string): string | null {
      const name = partName(config, layer, part)
      if (!name) return null
      return part.endsWith('Norm') ? norm(x, name) : linear(x, name, config.biased.includes(part))
    },
    tap: (name: Tap, value: string, width: number) =>
      wants(name) && g.output(value, { name, type: 'F32', shape: [`rows of ${name}`, width] }),
  }
}

/** Editable matrices are fed as [out, in], however they lie in the file. */
function shapesOf(config: ModelConfig, tensors: TensorTable, editable: readonly string[]) {
  const shape = (name: string) => tensors.get(name)?.shape ?? []
  return new Map(editable.map((name) => [name, liesInOut(config, name) ? shape(name).toReversed() : shape(name)]))
}
