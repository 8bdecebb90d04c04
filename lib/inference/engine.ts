import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Precision } from '../onnx/graph/precision'
import type { TensorTable } from '../weights/tensor'
import type { Feeds } from './feeds'
import type { Backend, Matrix } from './runtime'

/** One build of onnxruntime over one model's weights: all that differs between Node and the browser. */
export type Engine = {
  backend: Backend
  /** What weights are held in. */
  weights: Precision
  /** What writing computes in; answers are computed in float32, so that they are the same everywhere. */
  generatePrecision: Precision
  Tensor: typeof Tensor
  /** Where sessions find the weights: in the files, or in memory. */
  tensors: TensorTable
  /** `kept`: outputs that only come back as inputs, and need not leave the device. */
  create(graph: Uint8Array, kept: readonly string[]): Promise<InferenceSession>
  /** Runs a session whose outputs, float32, belong where they are wanted. */
  fill(session: InferenceSession, feeds: Feeds, wanted: ReadonlyMap<string, Matrix>): Promise<void>
}
