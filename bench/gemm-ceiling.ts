import { InferenceSession, Tensor } from 'onnxruntime-node'
import { graphBuilder } from '../lib/onnx/graph-builder'
import { encodeModel } from '../lib/onnx/model-proto'
import { median } from './ask'
import type { shapes } from './random-model'

const tokens = 512

/**
 * Keys of 16 tokens a second if nothing but the layers' matrix products had to be done, all of them as fast as
 * onnxruntime multiplies by the widest on this machine.
 */
export async function gemmCeiling(shape: (typeof shapes)[keyof typeof shapes]): Promise<number> {
  const { hidden_size: hidden, intermediate_size: ff, num_hidden_layers: layers } = shape
  const kv = (hidden / shape.num_attention_heads) * shape.num_key_value_heads
  const g = graphBuilder()
  g.input({ name: 'x', type: 'F32', shape: [tokens, hidden] })
  g.input({ name: 'w', type: 'F32', shape: [ff, hidden] })
  g.output(g.add('Gemm', ['x', 'w'], { transB: 1 }), { name: 'y', type: 'F32', shape: [tokens, ff] })
  const session = await InferenceSession.create(encodeModel(g.graph))
  const random = (rows: number) =>
    new Tensor('float32', Float32Array.from({ length: rows * hidden }, Math.random), [rows, hidden])
  const feeds = { x: random(tokens), w: random(ff) }
  const ms = await median(25, () => session.run(feeds))
  await session.release()
  const perToken = layers * (2 * hidden * hidden + 2 * hidden * kv + 3 * hidden * ff)
  return (1000 / ms) * ((tokens * hidden * ff) / (16 * perToken))
}
