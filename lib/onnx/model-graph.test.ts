import { expect, test } from 'vitest'
import { randomModel } from '../../test/reference/random-model'
import { recipes } from '../../test/reference/recipes'
import { inspectWeights } from '../weights/inspect-weights'
import type { Tap } from './graph/tap'
import { modelGraph } from './model-graph'

const { files } = randomModel(recipes.llama, 'F16')
const { config, tensors } = await inspectWeights(files)
const graphOf = (taps: Tap[], { cache = false, editable = [] as string[] } = {}) =>
  Buffer.from(modelGraph(config, tensors, { taps, editable, cache, precision: 'F32', held: null })).toString('latin1')

test('default: a graph contains only the layers that its taps need', () => {
  const layersOf = (graph: string) => Array.from({ length: config.layers }, (_, i) => graph.includes(`layers.${i}.`))
  expect(layersOf(graphOf(['logits']))).not.toContain(false)
  expect(layersOf(graphOf(['z.0']))).toEqual([true, ...Array(config.layers - 1).fill(false)])
  expect(graphOf(['z.0'])).not.toContain('model.norm.weight')
})

test('behavior: weights stay in their file, and the same options give the same bytes', () => {
  const graph = graphOf(['logits'])
  expect(graph).toContain('model.safetensors')
  expect(graph.length).toBeLessThan(20_000)
  expect(graphOf(['logits'])).toBe(graph)
})

test('behavior: the cache and editable tensors are inputs', () => {
  const downProj = 'model.layers.1.mlp.down_proj.weight'
  const { offset } = tensors.get(downProj) ?? { offset: -1 }
  expect(graphOf(['logits'])).toContain(String(offset))
  expect(graphOf(['logits'], { editable: [downProj] })).not.toContain(String(offset))
  expect(graphOf(['logits'])).not.toContain('past.0.key')
  expect(graphOf(['logits'], { cache: true })).toContain('past.0.key')
})
