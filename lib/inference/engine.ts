import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Precision } from '../onnx/graph/precision'
import type { TensorTable } from '../weights/tensor'
import type { Feeds } from './feeds'
import type { Backend, Matrix } from './runtime'

/** One build of onnxruntime over one model's weights. It contains all differences between Node and the browser. */
export type Engine = {
  backend: Backend
  /** Precision of the weights in memory. */
  weights: Precision
  /** Precision of `generate`. `run` computes in float32, so that its results are the same everywhere. */
  generatePrecision: Precision
  /** Weights stay in their files, so that a second session takes little memory. */
  mapped: boolean
  /** A float32 tensor may be an input and an output of one run, so that the cache of keys and values grows in place. */
  inPlace: boolean
  Tensor: typeof Tensor
  /** The places of the weights for a session: in files or in memory. */
  tensors: TensorTable
  /** `deviceOutputs` are outputs that are only used as inputs again, so they can stay on the device. */
  create(graph: Uint8Array, deviceOutputs: readonly string[]): Promise<InferenceSession>
  /** Runs a session and writes its float32 outputs of these names into the given matrices. */
  fill(session: InferenceSession, feeds: Feeds, outputs: ReadonlyMap<string, Matrix>): Promise<void>
}
