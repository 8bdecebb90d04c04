import type { Tensor } from 'onnxruntime-node'

/** A session's inputs or outputs by name. */
export type Feeds = Record<string, Tensor>
