import { InferenceSession, Tensor } from 'onnxruntime-node'
import { KinmarkError } from '../../error'
import { graphBuilder } from '../../onnx/graph/graph-builder'
import { encodeModel } from '../../onnx/proto/model-proto'
import type { Matmul, Transpose } from '../runtime'

/**
 * Products of large matrices with onnxruntime-node, in single precision. Each layout of the operands has its own
 * one-node graph.
 */
export function openMatmul(threads: number): { matmul: Matmul; close(): Promise<void> } {
  const sessions = new Map<Transpose, Promise<InferenceSession>>()
  const sessionFor = (transpose: Transpose) => {
    const session = sessions.get(transpose) ?? create(transpose, threads)
    sessions.set(transpose, session)
    return session
  }
  return {
    async matmul(a, b, transpose = 'none') {
      const [rows, left] = transpose === 'a' ? [a.cols, a.rows] : [a.rows, a.cols]
      const [right, cols] = transpose === 'b' ? [b.cols, b.rows] : [b.rows, b.cols]
      if (left !== right) throw new KinmarkError('inference.product-mismatch', { left, right })
      const session = await sessionFor(transpose)
      const { y } = await session.run({
        a: new Tensor('float32', a.data, [a.rows, a.cols]),
        b: new Tensor('float32', b.data, [b.rows, b.cols]),
      })
      return { data: y.data as Float32Array, rows, cols }
    },
    async close() {
      for (const session of sessions.values()) await (await session).release()
      sessions.clear()
    },
  }
}

function create(transpose: Transpose, threads: number): Promise<InferenceSession> {
  const graph = graphBuilder()
  graph.input({ name: 'a', type: 'F32', shape: ['a_rows', 'a_cols'] })
  graph.input({ name: 'b', type: 'F32', shape: ['b_rows', 'b_cols'] })
  const product = graph.add('Gemm', ['a', 'b'], {
    transA: transpose === 'a' ? 1 : 0,
    transB: transpose === 'b' ? 1 : 0,
  })
  graph.output(product, { name: 'y', type: 'F32', shape: ['rows', 'cols'] })
  return InferenceSession.create(encodeModel(graph.graph), {
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
}
