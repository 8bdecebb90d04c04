/** Faults in running a model. Lengths are in bytes. */
export type InferenceErrors = {
  /** `reason` is onnxruntime's own. */
  'inference.load-failed': { backend: string; reason: string }
  'inference.memory-insufficient': { needed: number; available: number; scope: MemoryScope }
  'inference.tensor-too-large': { tensor: string; byteLength: number; precision: string; limit: number }
  'inference.no-tensor-at': { buffer: number; offset: number; byteLength: number }
  'inference.not-a-matrix': { tensor: string }
  'inference.not-editable': { tensor: string }
  'inference.edit-wrong-length': { tensor: string; length: number; expected: number }
  'inference.ids-wrong-length': { rows: number; length: number; ids: number }
  'inference.row-too-short': { length: number; minimum: number }
  'inference.row-too-long': { length: number; maxPositions: number }
  'inference.token-outside-vocabulary': { token: number; vocab: number }
  'inference.product-mismatch': { left: number; right: number }
  'inference.logits-unusable': Record<never, never>
  'inference.folder-unreadable': { folder: string }
  'inference.webgpu-missing': Record<never, never>
  'inference.webgpu-adapter-missing': Record<never, never>
  'inference.webgpu-emulated': Record<never, never>
  'inference.webgpu-failed': { reason: string }
  'inference.worker-failed': { reason: string }
  'inference.worker-not-opened': Record<never, never>
  'inference.model-closed': Record<never, never>
}

/** The limit on memory that a model exceeds: free memory, the device's, or that of one page. */
export type MemoryScope = 'free' | 'device' | 'page'
