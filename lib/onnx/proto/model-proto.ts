import { bytes, encodeMessage, type Field, float, message, text, varint } from './protobuf'

/** Field numbers follow https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3. */

export const elementType = { F32: 1, I32: 6, I64: 7, F16: 10, BF16: 16 } as const
type ElementType = keyof typeof elementType

/** A number is a fixed dimension, a string the name of a free one. */
export type Dimensions = readonly (number | string)[]
export type ValueInfo = { name: string; type: ElementType; shape: Dimensions }

/** A whole number is an INT attribute, a list of them is INTS, a text is STRING, and `{ float }` is FLOAT. */
type Attribute = number | readonly number[] | string | { float: number }
export type Attributes = Record<string, Attribute>

type Node = {
  type: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: Attributes
  domain: string
}

export type Initializer = { name: string; type: ElementType; shape: readonly number[] } & (
  | { raw: Uint8Array }
  | { file: string; offset: number; byteLength: number }
)

export type Graph = {
  nodes: Node[]
  initializers: Initializer[]
  inputs: ValueInfo[]
  outputs: ValueInfo[]
  /** Shapes of inner values that onnxruntime cannot infer. */
  values: ValueInfo[]
}

const irVersion = 10
const opset = 21

/** Encodes a graph as an ONNX file (ModelProto). */
export function encodeModel(graph: Graph): Uint8Array {
  return encodeMessage([
    varint(1, irVersion),
    text(2, 'kinmark'),
    message(7, [
      ...graph.nodes.map((node, i) => message(1, nodeFields(node, `${node.type}.${i}`))),
      text(2, 'kinmark'),
      ...graph.initializers.map((tensor) => message(5, tensorFields(tensor))),
      ...graph.inputs.map((value) => message(11, valueFields(value))),
      ...graph.outputs.map((value) => message(12, valueFields(value))),
      ...graph.values.map((value) => message(13, valueFields(value))),
    ]),
    message(8, [text(1, ''), varint(2, opset)]),
    message(8, [text(1, 'com.microsoft'), varint(2, 1)]),
  ])
}

function nodeFields(node: Node, name: string): Field[] {
  return [
    ...node.inputs.map((input) => text(1, input)),
    ...node.outputs.map((output) => text(2, output)),
    text(3, name),
    text(4, node.type),
    ...Object.entries(node.attributes).map(([key, value]) => message(5, [text(1, key), ...attributeFields(value)])),
    text(7, node.domain),
  ]
}

function attributeFields(value: Attribute): Field[] {
  if (typeof value === 'number') return [varint(3, value), varint(20, 2)]
  if (typeof value === 'string') return [text(4, value), varint(20, 3)]
  if ('float' in value) return [float(2, value.float), varint(20, 1)]
  return [...value.map((item) => varint(8, item)), varint(20, 7)]
}

function tensorFields(tensor: Initializer): Field[] {
  const entry = (key: string, value: string | number) => message(13, [text(1, key), text(2, String(value))])
  return [
    ...tensor.shape.map((size) => varint(1, size)),
    varint(2, elementType[tensor.type]),
    text(8, tensor.name),
    ...('raw' in tensor
      ? [bytes(9, tensor.raw)]
      : [
          entry('location', tensor.file),
          entry('offset', tensor.offset),
          entry('length', tensor.byteLength),
          varint(14, 1),
        ]),
  ]
}

function valueFields({ name, type, shape }: ValueInfo): Field[] {
  const dimension = (size: number | string) => message(1, [typeof size === 'number' ? varint(1, size) : text(2, size)])
  return [text(1, name), message(2, [message(1, [varint(1, elementType[type]), message(2, shape.map(dimension))])])]
}
