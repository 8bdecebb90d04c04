import type { Part } from '../../weights/config/families'
import { familyRow, partName } from '../../weights/config/tensor-names'
import type { Attention } from '../attention/attend'
import type { CacheNames } from '../attention/cache'
import { mixerStates } from '../mixers/convolution'
import { deltaNet } from '../mixers/delta-net'
import { mamba } from '../mixers/mamba'
import { shortConv } from '../mixers/short-conv'
import { activated } from './activated'
import { experts } from './experts'
import type { GraphContext } from './graph-context'
import { addLayerInput, type LayerInputs } from './layer-inputs'

/** What all layers of a graph share. */
export type LayerSettings = { attention: Attention; cache: CacheNames | null; inputs: LayerInputs | null }

const outputs = {
  ...{ attention: 'attentionOut', delta: 'deltaOut', shortConv: 'convOut', mamba: 'mambaOut' },
} as const satisfies Record<string, Part>

/**
 * One layer of the model. With `lastOnly`, everything after the attention is computed for the last position of each row
 * only.
 */
export function decoderLayer(
  ctx: GraphContext,
  settings: LayerSettings,
  layer: number,
  x: string,
  lastOnly: boolean,
): string {
  const { g, config, part, lastToken, intoBlock, fromBlock, times } = ctx
  const { hidden, blocks, residualScale } = config
  const select = (value: string, columns: number) => (lastOnly ? lastToken(value, columns) : value)

  const y = intoBlock(part(layer, 'attentionNorm', x) ?? x)
  const [value, width] = mixed(ctx, settings, layer, y)
  const attended = fromBlock(part(layer, outputs[blocks[layer].mixer], select(value, width)) as string)
  const residual = select(x, hidden)
  const toAdd = times(part(layer, 'attentionPostNorm', attended) ?? attended, residualScale)
  const afterAttention = g.add('Add', [residual, toAdd])

  const mlpInput = config.parallel ? residual : afterAttention
  const u = part(layer, 'mlpNorm', mlpInput) ?? mlpInput
  const mlpOutput = blocks[layer].hasExperts
    ? experts(ctx, layer, u)
    : fromBlock(mlp(ctx, layer, intoBlock(u), lastOnly))
  const added = times(part(layer, 'mlpPostNorm', mlpOutput) ?? mlpOutput, residualScale)
  return addLayerInput(ctx, settings.inputs, layer, g.add('Add', [afterAttention, added]), lastOnly)
}

/** The output of a layer's mixer before its last matrix, [n · t, width], and the width. */
function mixed(ctx: GraphContext, { attention, cache }: LayerSettings, layer: number, y: string): [string, number] {
  const { config, g, flat, weight, precision } = ctx
  const { mixer, headDim } = config.blocks[layer]
  switch (mixer) {
    case 'attention': {
      const width = config.heads * headDim
      const { q, k, v, gate } = queries(ctx, attention, layer, y)
      const sinks = partName(config, layer, 'sinks')
      const attended = flat(attention.attend(layer, q, k, v, sinks && weight(sinks, precision)), width)
      return [gate ? g.add('Mul', [attended, g.add('Sigmoid', [gate])]) : attended, width]
    }
    case 'delta':
      return deltaNet(ctx, mixerStates(ctx, cache, layer), layer, y)
    case 'shortConv':
      return shortConv(ctx, mixerStates(ctx, cache, layer), layer, y)
    case 'mamba':
      return mamba(ctx, mixerStates(ctx, cache, layer), layer, y)
  }
}

type Queries = { q: string; k: string | null; v: string | null; gate: string | null }

/**
 * q, k and v as attention takes them, each [n, t, heads · headDim], and the gate of the output, [n · t, heads · headDim].
 */
function queries(ctx: GraphContext, attention: Attention, layer: number, y: string): Queries {
  const { g, config, flat, perRow, part, plainNorm } = ctx
  const { heads, blocks } = config
  const { headDim, kvHeads } = blocks[layer]
  const { fusedQkv, gatedQuery, qkNorm, normAfterRotation, valueNorm } = familyRow(config)
  const widths = [heads, kvHeads, kvHeads].map((count) => count * headDim)
  const byHead = (x: string, width: number, size = headDim) => flat(x, size, `n · t · ${width / size}`)
  const normed = (name: 'qNorm' | 'kNorm', x: string, width: number) =>
    qkNorm ? (part(layer, name, qkNorm === 'head' ? byHead(x, width) : flat(x, width)) as string) : x
  const placed = (name: 'q' | 'k', x: string, width: number) => {
    const norm = (value: string) => perRow(normed(`${name}Norm`, value, width), width)
    if (normAfterRotation) return norm(attention.placed(layer, name, perRow(x, width)))
    return attention.placed(layer, name, norm(x))
  }
  const { q, k, v, gate } = split()
  return {
    q: placed('q', q, widths[0]),
    k: k && placed('k', k, widths[1]),
    v: v && perRow(valueNorm ? plainNorm(byHead(v, widths[2]), headDim) : v, widths[2]),
    gate,
  }

  function split(): Queries {
    if (!fusedQkv) {
      const k = part(layer, 'k', y)
      const v = blocks[layer].valuesAreKeys ? k : part(layer, 'v', y)
      const q = part(layer, 'q', y) as string
      if (!gatedQuery) return { q, k, v, gate: null }
      const outputs = [`q.${layer}`, `gate.of.q.${layer}`]
      const pairs = byHead(q, 2 * widths[0], 2 * headDim)
      g.add('Split', [pairs, g.ints(headDim, headDim)], { axis: 1 }, { outputs })
      return { q: flat(outputs[0], widths[0]), k, v, gate: flat(outputs[1], widths[0]) }
    }
    const all = part(layer, 'qkv', y) as string
    const outputs = ['q', 'k', 'v'].map((name) => `${name}.${layer}`)
    const [q, k, v] = outputs
    if (fusedQkv === 'heads') {
      const triples = byHead(all, 3 * widths[0], 3 * headDim)
      g.add('Split', [triples, g.ints(headDim, headDim, headDim)], { axis: 1 }, { outputs })
      return { q: flat(q, widths[0]), k: flat(k, widths[1]), v: flat(v, widths[2]), gate: null }
    }
    g.add('Split', [all, g.ints(...widths)], { axis: 1 }, { outputs })
    return { q, k, v, gate: null }
  }
}

function mlp(ctx: GraphContext, layer: number, u: string, lastOnly: boolean): string {
  const { g, config, lastToken, fromBlock, part, tap, wants } = ctx
  const { ff } = config.blocks[layer]
  let gate = part(layer, 'gate', u)
  let up = part(layer, 'up', u)
  const both = part(layer, 'gateUp', u)
  if (both) {
    const outputs = [`gate.${layer}`, `up.${layer}`]
    g.add('Split', [both, g.ints(ff, ff)], { axis: 1 }, { outputs })
    ;[gate, up] = outputs
  }
  const z = gate ? g.add('Mul', [activated(ctx, gate), up as string]) : activated(ctx, up as string)
  const y = part(layer, 'down', z) as string
  if (wants(`zs.${layer}`) || wants(`z.${layer}`)) {
    const added = asAdded(ctx, layer, fromBlock(z), fromBlock(y))
    tap(`zs.${layer}`, added, ff)
    if (wants(`z.${layer}`)) tap(`z.${layer}`, lastOnly ? added : lastToken(added, ff), ff)
  }
  return y
}

/** z times all that multiplies y = W z on its way into the residual, but for the gain of a norm. */
function asAdded({ g, config, times }: GraphContext, layer: number, z: string, y: string): string {
  const scaled = times(z, config.residualScale)
  if (!partName(config, layer, 'mlpPostNorm')) return scaled
  const square = g.add('ReduceMean', [g.add('Mul', [y, y]), g.ints(-1)], { keepdims: 1 })
  return g.add('Div', [scaled, g.add('Sqrt', [g.add('Add', [square, g.floats([config.normEpsilon], [])])])])
}
