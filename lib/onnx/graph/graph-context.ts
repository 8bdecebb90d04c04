import type { ModelConfig } from '../../weights/config/config'
import type { Part } from '../../weights/config/families'
import { biasName, familyRow, isInOut, partName } from '../../weights/config/tensor-names'
import type { TensorTable } from '../../weights/tensor'
import type { Dimensions } from '../proto/model-proto'
import type { GraphBuilder } from './graph-builder'
import type { GraphOptions } from './graph-options'
import { graphWeights } from './graph-weights'
import type { Precision } from './precision'
import type { Tap } from './tap'

export type GraphContext = ReturnType<typeof graphContext>

/** Graph-building helpers bound to one model. Shapes: n rows, t tokens a row. */
export function graphContext(
  g: GraphBuilder,
  config: ModelConfig,
  tensors: TensorTable,
  /** [n, t] */
  ids: string,
  { taps, editable, precision, held }: Omit<GraphOptions, 'cache'>,
) {
  const { norm: ownKind } = familyRow(config)
  const weight = graphWeights(g, tensors, shapesOf(config, tensors, editable))
  const epsilon = { float: config.normEpsilon }
  const rowsByTokens = g.add('Concat', [g.add('Shape', [ids]), g.ints(-1)], { axis: 0 })
  const half = precision === 'F16'
  /** `shaped` declares float32 values, so shapes are declared only if all values are float32. */
  const shaped = (x: string, shape: Dimensions) => (half ? x : g.shaped(x, shape))
  const flat = (x: string, width: number, rows = 'n · t') =>
    shaped(g.add('Reshape', [x, g.ints(-1, width)]), [rows, width])
  const perRow = (x: string, width: number) => shaped(g.add('Reshape', [x, rowsByTokens]), [...g.shapeOf(ids), width])
  const wants = (tap: Tap) => taps.includes(tap)
  const times = (x: string, factor: number) => (factor === 1 ? x : g.add('Mul', [x, g.floats([factor], [])]))

  const norm = (x: string, name: string, precisionOfNorm: Precision = 'F32', kind = ownKind) => {
    if (kind === 'layer')
      return g.add('LayerNormalization', [x, weight(name, precisionOfNorm), weight(biasName(name), precisionOfNorm)], {
        axis: -1,
        epsilon,
      })
    const gain = kind === 'rms1' ? onePlus(name, precisionOfNorm) : weight(name, precisionOfNorm)
    return g.add('SimplifiedLayerNormalization', [x, gain], { axis: -1, epsilon })
  }
  const onePlus = (name: string, precisionOfNorm: Precision) => {
    const gain = g.add('Add', [weight(name), g.floats([1], [])])
    return precisionOfNorm === 'F32' ? gain : g.cast(gain, precisionOfNorm)
  }
  const fromBlock = (x: string) => (half ? g.cast(x, 'F32') : x)
  const linear = (x: string, name: string, biased = false) => {
    const inOut = isInOut(config, name) && !editable.includes(name)
    const bias = biased ? [weight(biasName(name), precision)] : []
    return g.add('Gemm', [x, weight(name, precision), ...bias], { transB: inOut ? 0 : 1 })
  }
  return {
    g,
    config,
    ids,
    weight,
    /** The residual is float32; attention and MLP compute in `precision`. These convert into a block and back. */
    intoBlock: (x: string) => (half ? g.cast(x, 'F16') : x),
    fromBlock,
    wants,
    /** [n, t, width] → [n · t, width]; `rows` names the number of rows. */
    flat,
    /** [n · t, width] → [n, t, width]. */
    perRow,
    /** [n · t, width] → [n, width]. */
    lastToken: (x: string, width: number) =>
      flat(g.add('Gather', [perRow(x, width), g.ints(-1)], { axis: 1 }), width, 'n · 1'),
    times,
    held,
    precision,
    /** The rows of a table at these indices, as float32. */
    embeddingLookup(name: string, at: string) {
      const from = held ?? precision
      const rows = g.add('Gather', [weight(name, from), at], { axis: 0 })
      return from === 'F32' ? rows : g.cast(rows, 'F32')
    },
    norm,
    /** x in the blocks' precision, divided by its root mean square and multiplied by `gain`. */
    plainNorm(x: string, width: number, gain = 1, epsilonOfNorm = config.normEpsilon) {
      const gains = g.floats(new Float32Array(width).fill(gain), [width])
      const inputs = [x, half ? g.cast(gains, precision) : gains]
      return g.add('SimplifiedLayerNormalization', inputs, { axis: -1, epsilon: { float: epsilonOfNorm } })
    },
    linear,
    /** cap · tanh(x / cap) */
    capped: (x: string, cap: number | null) => (cap === null ? x : times(g.add('Tanh', [times(x, 1 / cap)]), cap)),
    /**
     * The output of a part of a layer for x; null if the family has no such part. Norms of q and k are inside a block.
     */
    part(layer: number, part: Part, x: string): string | null {
      const name = partName(config, layer, part)
      if (!name) return null
      if (part === 'qNorm' || part === 'kNorm') return norm(x, name, precision)
      return part.endsWith('Norm') ? norm(x, name) : linear(x, name, config.biased.includes(part))
    },
    tap: (name: Tap, value: string, width: number | string) =>
      wants(name) && g.output(value, { name, type: 'F32', shape: [`rows of ${name}`, width] }),
  }
}

/** Shapes of the editable matrices as they are fed: [out, in], whatever the layout in the file. */
function shapesOf(config: ModelConfig, tensors: TensorTable, editable: readonly string[]) {
  const shape = (name: string) => tensors.get(name)?.shape ?? []
  return new Map(editable.map((name) => [name, isInOut(config, name) ? shape(name).toReversed() : shape(name)]))
}
