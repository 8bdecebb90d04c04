import { expect, test } from 'vitest'
import { kinmarkError } from '../../../test/fixtures/kinmark-error'
import type { Tensor } from '../../weights/tensor'
import { graphBuilder } from './graph-builder'
import { graphWeights } from './graph-weights'

const tensor = (name: string, dtype: Tensor['dtype']): Tensor => ({
  ...{ name, dtype, shape: [4, 2], file: 'model.safetensors', offset: 8, byteLength: 16 },
})
const tensors = new Map(
  [tensor('half', 'F16'), tensor('single', 'F32'), tensor('block', 'Q8_0')].map((each) => [each.name, each]),
)

test('default: a weight is declared once, and cast once for each precision', () => {
  const g = graphBuilder()
  const weight = graphWeights(g, tensors, new Map())
  expect(weight('half', 'F16')).toBe('half')
  const single = weight('half')
  expect(weight('half', 'F32')).toBe(single)
  expect(single).not.toBe('half')
  expect(weight('single')).toBe('single')
  expect(g.graph.initializers).toEqual([
    { ...tensors.get('half'), type: 'F16' },
    { ...tensors.get('single'), type: 'F32' },
  ])
  expect(g.graph.nodes.map(({ type, inputs }) => [type, ...inputs])).toEqual([['Cast', 'half']])
})

test('behavior: an editable weight is a float32 input of the given shape', () => {
  const g = graphBuilder()
  const weight = graphWeights(g, tensors, new Map([['half', [2, 4]]]))
  expect(weight('half')).toBe('half')
  expect(g.graph.inputs).toEqual([{ name: 'half', type: 'F32', shape: [2, 4] }])
  expect(g.graph.initializers).toEqual([])
  expect(weight('half', 'F16')).not.toBe('half')
})

test('error: a missing tensor, and one of a block type', () => {
  const weight = graphWeights(graphBuilder(), tensors, new Map())
  for (const name of ['other', 'block'])
    expect(() => weight(name)).toThrow(kinmarkError('weights.tensor-unknown', { tensor: name }))
})
