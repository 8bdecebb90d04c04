import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Backend } from './runtime'

/** One build of onnxruntime: all that differs between Node and the browser. */
export type Engine = {
  backend: Backend
  Tensor: typeof Tensor
  create(graph: Uint8Array): Promise<InferenceSession>
}
