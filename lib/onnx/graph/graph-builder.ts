import {
  type Attributes,
  type Dimensions,
  elementType,
  type Graph,
  type Initializer,
  type ValueInfo,
} from '../proto/model-proto'

/** Builds a graph node by node. Values are referred to by their names. */
export type GraphBuilder = {
  readonly graph: Graph
  /** Adds a node and returns the name of its first output. `outputs` sets the names of all outputs. */
  add(
    type: string,
    inputs: readonly string[],
    attributes?: Attributes,
    options?: { domain?: string; outputs?: readonly string[] },
  ): string
  /**
   * Adds a node that depends on weights only, before all other nodes. Onnxruntime orders nodes from the last one
   * backwards and follows the latest input first, so it runs each of these just before its use, and not all of them at
   * the start.
   */
  addEarly(type: string, inputs: readonly string[], attributes?: Attributes): string
  /**
   * Declares the shape of an inner float32 value that onnxruntime cannot infer. Equal sizes let onnxruntime plan in a
   * fraction of the time and reuse memory. Free dimensions of the same name must have the same size.
   */
  shaped(value: string, shape: Dimensions): string
  /** Converts `value` to another type. */
  cast(value: string, to: keyof typeof elementType): string
  /** Converts a weight to another type, with `addEarly`. */
  castEarly(weight: string, to: keyof typeof elementType): string
  /** The shape of an input; empty if there is no such input. */
  shapeOf(input: string): Dimensions
  input(value: ValueInfo): string
  /** Makes `value` an output of the graph called `info.name`. */
  output(value: string, info: ValueInfo): void
  initializer(tensor: Initializer): string
  ints(...values: number[]): string
  int32(value: number): string
  /** A constant, which is a scalar if `shape` is empty. */
  floats(values: ArrayLike<number>, shape: readonly number[]): string
}

export function graphBuilder(): GraphBuilder {
  const graph: Graph = { nodes: [], initializers: [], inputs: [], outputs: [], values: [] }
  const constants = new Map<string, string>()
  let early = 0
  const builder: GraphBuilder = {
    graph,
    add(type, inputs, attributes = {}, { domain = '', outputs = [`${type}_${graph.nodes.length}`] } = {}) {
      graph.nodes.push({ type, inputs, outputs, attributes, domain })
      return outputs[0]
    },
    addEarly(type, inputs, attributes = {}) {
      const output = `${type}_${graph.nodes.length}`
      graph.nodes.splice(early++, 0, { type, inputs, outputs: [output], attributes, domain: '' })
      return output
    },
    shaped(value, shape) {
      graph.values.push({ name: value, type: 'F32', shape })
      return value
    },
    cast: (value, to) => builder.add('Cast', [value], { to: elementType[to] }),
    castEarly: (weight, to) => builder.addEarly('Cast', [weight], { to: elementType[to] }),
    shapeOf: (input) => graph.inputs.find(({ name }) => name === input)?.shape ?? [],
    input(value) {
      graph.inputs.push(value)
      return value.name
    },
    output(value, info) {
      builder.add('Identity', [value], {}, { outputs: [info.name] })
      graph.outputs.push(info)
    },
    initializer(tensor) {
      graph.initializers.push(tensor)
      return tensor.name
    },
    ints(...values) {
      const name = `ints_${values.join('_')}`
      if (!constants.has(name)) {
        const raw = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer)
        constants.set(name, builder.initializer({ name, type: 'I64', shape: [values.length], raw }))
      }
      return name
    },
    int32(value) {
      const name = `int32_${graph.initializers.length}`
      return builder.initializer({ name, type: 'I32', shape: [], raw: new Uint8Array(Int32Array.of(value).buffer) })
    },
    floats(values, shape) {
      const name = `floats_${graph.initializers.length}`
      return builder.initializer({ name, type: 'F32', shape, raw: new Uint8Array(Float32Array.from(values).buffer) })
    },
  }
  return builder
}
