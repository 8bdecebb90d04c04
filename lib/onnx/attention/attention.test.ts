import { expect, test } from 'vitest'
import { recipes } from '../../../test/reference/recipes'
import type { Block } from '../../weights/config/blocks'
import { type ModelConfig, parseConfig } from '../../weights/config/config'
import { graphBuilder } from '../graph/graph-builder'
import { attention } from './attention'
import { cachedHeadDim, stateNames } from './cache'

const positions = { lengths: 'lengths', total: 'total', indices: 'indices' }
const cache = { past: 'past', present: 'present', rows: 'n', tokens: { past: 'past tokens', present: 'all tokens' } }
const config = (name: string, change: Partial<Block> = {}): ModelConfig => {
  const parsed = parseConfig(JSON.stringify(recipes[name].config))
  return { ...parsed, blocks: parsed.blocks.map((block) => ({ ...block, ...change })) }
}

/** The graph of one layer's attention. */
function graphOf(model: ModelConfig, precision: 'F32' | 'F16' = 'F32') {
  const g = graphBuilder()
  attention(g, model, positions, null, cache, precision).attend(0, 'q', 'k', 'v')
  return g.graph
}
const countOf = ({ nodes }: ReturnType<typeof graphOf>, type: string) =>
  nodes.filter((node) => node.type === type).length

test('default: the cache holds heads padded to a multiple of 8', () => {
  expect([16, 20, 24].map((headDim) => cachedHeadDim({ headDim }, { attentionCap: null }))).toEqual([16, 24, 24])
  expect(cachedHeadDim({ headDim: 20 }, { attentionCap: 50 })).toBe(20)
  expect(stateNames(config('llama'), 'past').slice(0, 3)).toEqual(['past.0.key', 'past.0.value', 'past.1.key'])
})

test('behavior: q, k and v are padded only if the operator needs it', () => {
  const padded = graphOf(config('llama', { headDim: 20 }))
  expect([countOf(padded, 'Pad'), countOf(padded, 'Slice')]).toEqual([3, 1])
  const unpadded = graphOf(config('llama', { headDim: 24 }))
  expect([countOf(unpadded, 'Pad'), countOf(unpadded, 'Slice')]).toEqual([0, 0])
  for (const { inputs, outputs } of [padded, unpadded])
    for (const { shape } of [...inputs, ...outputs]) expect(shape.at(-1)).toBe(24)
})

test('behavior: capped scores use basic operators, in float32', () => {
  const capped = graphOf(config('gemma2'), 'F16')
  expect(countOf(capped, 'GroupQueryAttention')).toBe(0)
  expect([countOf(capped, 'Tanh'), countOf(capped, 'Softmax')]).toEqual([1, 1])
  expect(capped.inputs.map(({ type }) => type)).toEqual(['F32', 'F32'])
  expect(graphOf(config('llama'), 'F16').inputs.map(({ type }) => type)).toEqual(['F16', 'F16'])
})

test('behavior: a window is an attribute of the operator', () => {
  const windowOf = (window: number | null) => {
    const { nodes } = graphOf(config('llama', { window }))
    return nodes.find(({ type }) => type === 'GroupQueryAttention')?.attributes.local_window_size
  }
  expect([windowOf(4), windowOf(null)]).toEqual([4, undefined])
})
