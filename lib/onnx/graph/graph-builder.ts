import {
  type Attributes,
  type Dimensions,
  elementType,
  type Graph,
  type Initializer,
  type ValueInfo,
} from '../proto/model-proto'

/** Grows a graph node by node; every value is named by the string that made it. */
export type GraphBuilder = {
  readonly graph: Graph
  /** Adds a node and returns its first output's name. `outputs` names them where they must be known. */
  add(
    type: string,
    inputs: readonly string[],
    attributes?: Attributes,
    options?: { domain?: string; outputs?: readonly string[] },
  ): string
  /**
   * Adds a node that needs weights alone, before all others. Onnxruntime orders nodes from the last one backwards and
   * follows the latest input first, so that it runs each of these just before its use, not all of them at the start.
   */
  addEarly(type: string, inputs: readonly string[], attributes?: Attributes): string
  /**
   * Tells the shape of a float32 value inside, which onnxruntime cannot infer: it plans in a fraction of the time, and
   * uses memory again, where it sees that sizes are equal. Equal names of free dimensions must be equal sizes.
   */
  shaped(value: string, shape: Dimensions): string
  /** `value` as a number of another type. */
  cast(value: string, to: keyof typeof elementType): string
  /** The same of a weight. */
  castEarly(weight: string, to: keyof typeof elementType): string
  /** Of an input. */
  shapeOf(input: string): Dimensions
  input(value: ValueInfo): string
  /** Makes `value` an output of the graph called `info.name`. */
  output(value: string, info: ValueInfo): void
  initializer(tensor: Initializer): string
  ints(...values: number[]): string
  int32(value: number): string
  /** A constant; a scalar where `shape` is empty. */
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
