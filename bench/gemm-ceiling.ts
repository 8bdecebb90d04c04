import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { graphBuilder } from '../lib/onnx/graph/graph-builder'
import { encodeModel } from '../lib/onnx/proto/model-proto'
import { median } from './measure-runtime'
import { type ShapeName, shapes } from './shapes'

type Onnxruntime = { InferenceSession: typeof InferenceSession; Tensor: typeof Tensor }

const [tokens, pairs] = [512, 8]

/**
 * Upper bound on keys of 16 tokens per second: only the layers’ matrix products, all at the speed at which onnxruntime
 * multiplies by the widest matrices on this machine, alternating between them in one run.
 */
export async function gemmCeiling({ InferenceSession, Tensor }: Onnxruntime, name: ShapeName): Promise<number> {
  const shape = shapes[name]
  const { hidden_size: hidden, intermediate_size: ff, num_hidden_layers: layers } = shape
  const kv = (hidden / shape.num_attention_heads) * shape.num_key_value_heads
  const g = graphBuilder()
  let x = g.input({ name: 'x', type: 'F32', shape: [tokens, hidden] })
  const up = g.input({ name: 'up', type: 'F32', shape: [ff, hidden] })
  const down = g.input({ name: 'down', type: 'F32', shape: [hidden, ff] })
  for (let i = 0; i < pairs; i++) for (const w of [up, down]) x = g.add('Gemm', [x, w], { transB: 1 })
  g.output(x, { name: 'y', type: 'F32', shape: [tokens, hidden] })
  const session = await InferenceSession.create(encodeModel(g.graph), { logSeverityLevel: 3 })
  const random = (rows: number, cols: number) =>
    new Tensor(
      'float32',
      Float32Array.from({ length: rows * cols }, () => (Math.random() - 0.5) / Math.sqrt(cols)),
      [rows, cols],
    )
  const feeds = { x: random(tokens, hidden), up: random(ff, hidden), down: random(hidden, ff) }
  const ms = await median(25, () => session.run(feeds))
  await session.release()
  const perToken = layers * (2 * hidden * hidden + 2 * hidden * kv + 3 * hidden * ff)
  return (1000 / ms) * ((2 * pairs * tokens * hidden * ff) / (16 * perToken))
}
