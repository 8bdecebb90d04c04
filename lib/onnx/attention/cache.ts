import type { ModelConfig } from '../../weights/config/config'
import type { GraphBuilder } from '../graph/graph-builder'
import type { Precision } from '../graph/precision'
import type { ValueInfo } from '../proto/model-proto'

/** Head dimension in attention and its cache: padded with zeros to a multiple of 8, as the operator requires. */
export function cachedHeadDim({ headDim, attentionCap }: Pick<ModelConfig, 'headDim' | 'attentionCap'>): number {
  return attentionCap === null ? Math.ceil(headDim / 8) * 8 : headDim
}

/** Names of the cache in a graph: `{past}.{layer}.key` and `{present}.{layer}.key`, and the same with `value`. */
export type CacheNames = { past: string; present: string; rows: string; tokens: { past: string; present: string } }

/** Names of the inputs (`past`) or outputs (`present`) of the cache in the graph of `modelGraph`. */
export function stateNames({ layers }: Pick<ModelConfig, 'layers'>, time: 'past' | 'present'): string[] {
  return Array.from({ length: layers }, (_, layer) => [`${time}.${layer}.key`, `${time}.${layer}.value`]).flat()
}

type State = { key: string; value: string }

/** Declares a layer's keys and values of earlier tokens as inputs, and those that include the new tokens as outputs. */
export function cachedStates(
  g: GraphBuilder,
  config: ModelConfig,
  names: CacheNames,
  layer: number,
  type: Precision,
): { past: State; present: State } {
  const state = (time: 'past' | 'present', part: 'key' | 'value'): ValueInfo => ({
    name: `${names[time]}.${layer}.${part}`,
    type,
    shape: [names.rows, config.kvHeads, names.tokens[time], cachedHeadDim(config)],
  })
  const past = { key: g.input(state('past', 'key')), value: g.input(state('past', 'value')) }
  const present = { key: state('present', 'key'), value: state('present', 'value') }
  g.graph.outputs.push(present.key, present.value)
  return { past, present: { key: present.key.name, value: present.value.name } }
}
