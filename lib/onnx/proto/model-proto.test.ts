import { expect, test } from 'vitest'
import { encodeModel, type Graph } from './model-proto'

const graph: Graph = {
  nodes: [
    {
      type: 'Gemm',
      inputs: ['x', 'w', ''],
      outputs: ['y'],
      attributes: { transB: 1, alpha: { float: 0.5 }, perm: [0, 2, -1] },
      domain: '',
    },
  ],
  initializers: [
    { name: 'w', type: 'F16', shape: [300, 2], file: 'a.safetensors', offset: 5_000_000_000, byteLength: 1200 },
    { name: 'one', type: 'I64', shape: [1], raw: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) },
  ],
  inputs: [{ name: 'x', type: 'F32', shape: ['n', 2] }],
  outputs: [{ name: 'y', type: 'F32', shape: ['n', 300] }],
  values: [{ name: 'z', type: 'BF16', shape: [] }],
}

/** The same model written by @bufbuild/protobuf 2.17.0 with code generated from ONNX 1.23.1's onnx.proto. */
const golden =
  '080a12076b696e6d61726b3afe010a550a01780a01770a001201791a0647656d6d2e30220447656d6d2a0d0a067472616e73421801a001022a0f0a05616c706861150000003fa001012a180a047065726d4000400240ffffffffffffffffff01a001073a0012076b696e6d61726b2a4d08ac020802100a4201776a190a086c6f636174696f6e120d612e7361666574656e736f72736a140a066f6666736574120a353030303030303030306a0e0a066c656e67746812043132303070012a130801100742036f6e654a0801000000000000005a140a0178120f0a0d080112090a0312016e0a02080262150a017912100a0e0801120a0a0312016e0a0308ac026a0b0a017a12060a040810120042040a00101542110a0d636f6d2e6d6963726f736f66741001'

test('default: the bytes equal those of another encoder with the official schema', () => {
  expect(Buffer.from(encodeModel(graph)).toString('hex')).toBe(golden)
})
