type Backend = 'cpu' | 'wasm' | 'webgpu'

/** Faults in running a model. Lengths are in bytes unless a name says otherwise. */
export type InferenceErrors = {
  /** `reason` is onnxruntime's own. */
  'inference.load-failed': { backend: Backend; reason: string }
  'inference.logits-unusable': { backend: Backend }
  'inference.memory-insufficient': { needed: number; available: number; scope: MemoryScope }
  'inference.tensor-too-large': { tensor: string; byteLength: number; precision: string; limit: number }
  'inference.no-tensor-at': { buffer: number; offset: number; byteLength: number }
  'inference.not-a-matrix': { tensor: string }
  'inference.not-editable': { tensor: string }
  /** `length` and `expected` count numbers. */
  'inference.edit-wrong-length': { tensor: string; length: number; expected: number }
  'inference.ids-wrong-length': { rows: number; tokens: number; ids: number }
  'inference.row-too-short': { tokens: number; minimum: number }
  'inference.row-too-long': { tokens: number; maxPositions: number }
  'inference.token-outside-vocabulary': { token: number; vocab: number }
  'inference.product-mismatch': { left: number; right: number }
  'inference.folder-unreadable': { folder: string }
  'inference.link-dangling': { path: string; folder: string }
  'inference.webgpu-missing': Record<never, never>
  'inference.webgpu-adapter-missing': Record<never, never>
  'inference.webgpu-emulated': Record<never, never>
  'inference.worker-failed': { reason: string }
  'inference.worker-not-opened': Record<never, never>
  'inference.model-closed': Record<never, never>
}

/** The memory that a model exceeds: the machine's free memory, the device's total, or a page's limit. */
export type MemoryScope = 'free' | 'device' | 'page'
