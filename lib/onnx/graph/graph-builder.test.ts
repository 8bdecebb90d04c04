import { expect, test } from 'vitest'
import { graphBuilder } from './graph-builder'

test('default: nodes in the order of their use, each output with its own name', () => {
  const g = graphBuilder()
  const x = g.input({ name: 'x', type: 'F32', shape: ['n', 2] })
  const y = g.add('Relu', [x])
  const z = g.add('Relu', [y])
  g.output(z, { name: 'z', type: 'F32', shape: ['n', 2] })
  expect(new Set([x, y, z]).size).toBe(3)
  expect(g.graph.nodes.map(({ type, inputs }) => [type, ...inputs])).toEqual([
    ['Relu', 'x'],
    ['Relu', y],
    ['Identity', z],
  ])
  expect(g.graph.outputs.map(({ name }) => name)).toEqual(['z'])
  expect(g.shapeOf('x')).toEqual(['n', 2])
})

test('behavior: early nodes come first, in the order in which they were added', () => {
  const g = graphBuilder()
  g.add('Relu', ['x'])
  const [a, b] = [g.castEarly('a', 'F32'), g.castEarly('b', 'F16')]
  expect(g.graph.nodes.map(({ outputs }) => outputs[0])).toEqual([a, b, expect.stringContaining('Relu')])
})

test('behavior: equal lists of whole numbers are one constant', () => {
  const g = graphBuilder()
  expect(g.ints(1, -1)).toBe(g.ints(1, -1))
  expect(g.ints(1)).not.toBe(g.ints(1, -1))
  const [first] = g.graph.initializers
  const raw = new Uint8Array(BigInt64Array.of(1n, -1n).buffer)
  expect(first).toMatchObject({ type: 'I64', shape: [2], raw })
  expect(g.graph.initializers).toHaveLength(2)
})

test('behavior: float constants are scalars if the shape is empty', () => {
  const g = graphBuilder()
  const [one, two] = [g.floats([1], []), g.floats([1], [])]
  expect(one).not.toBe(two)
  expect(g.graph.initializers[0]).toMatchObject({ type: 'F32', shape: [], raw: Uint8Array.of(0, 0, 128, 63) })
})
