import { biasName } from '../../weights/config/tensor-names'
import { type CacheNames, cachedStates } from '../attention/cache'
import type { GraphContext } from '../graph/graph-context'

/** The states of a layer that is no attention: names of inputs, empty without a cache, and of outputs. */
export type MixerStates = {
  past: (part: 'conv' | 'recurrent') => string
  present: (part: 'conv' | 'recurrent') => string
}

export function mixerStates({ g, config }: GraphContext, cache: CacheNames | null, layer: number): MixerStates {
  const states = cache ? cachedStates(g, config, cache, layer, 'F32') : {}
  return {
    past: (part) => states[part]?.past ?? '',
    present: (part) => states[part]?.present ?? `unused.${layer}.${part}`,
  }
}

/**
 * Each channel's own causal convolution of x [n · t, channels] in float32, with SiLU if `activation` says so. The same
 * shape comes out.
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.CausalConvWithState
 */
export function convolved(
  { g, weight, perRow, flat }: GraphContext,
  { past, present }: MixerStates,
  x: string,
  channels: number,
  { name, biased, activation }: { name: string; biased: boolean; activation: 'silu' | 'none' },
): string {
  const byChannel = g.add('Transpose', [perRow(x, channels)], { perm: [0, 2, 1] })
  const output = `convolved.${name}`
  g.add(
    'CausalConvWithState',
    [byChannel, weight(name), biased ? weight(biasName(name)) : '', past('conv')],
    { activation, ndim: 1 },
    { domain: 'com.microsoft', outputs: [output, present('conv')] },
  )
  return flat(g.add('Transpose', [output], { perm: [0, 2, 1] }), channels)
}

/** log(1 + eˣ), from operators that every backend has. */
export function softplus({ g }: GraphContext, x: string): string {
  const small = g.add('Exp', [g.add('Neg', [g.add('Abs', [x])])])
  const log = g.add('Log', [g.add('Add', [small, g.floats([1], [])])])
  return g.add('Add', [g.add('Relu', [x]), log])
}
