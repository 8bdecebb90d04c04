import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { TensorTable } from '../weights/tensor'
import type { Feeds } from './feeds'
import type { Backend, Matrix } from './runtime'

/** One build of onnxruntime over one model's weights: all that differs between Node and the browser. */
export type Engine = {
  backend: Backend
  Tensor: typeof Tensor
  /** Where sessions find the weights: in the files, or in memory. */
  tensors: TensorTable
  create(graph: Uint8Array): Promise<InferenceSession>
  /** Runs a session whose outputs, float32, belong where they are wanted. */
  fill(session: InferenceSession, feeds: Feeds, wanted: ReadonlyMap<string, Matrix>): Promise<void>
}
