import type { InferenceErrors, MemoryScope } from '../../lib/errors/inference'
import { formatBytes } from '../../lib/format/sizes'
import type { Messages } from '../messages'

/** What is wrong when a model is loaded or run. */
export const inference: Messages<InferenceErrors> = {
  'inference.load-failed': ({ backend, reason }) => `The model could not be loaded on ${backend}: ${reason}`,
  'inference.memory-insufficient': ({ needed, available, scope }) =>
    `This model needs about ${formatBytes(needed)} of memory to run, but ${memory[scope](formatBytes(available))}.`,
  'inference.tensor-too-large': ({ tensor, byteLength, precision, limit }) =>
    `Tensor “${tensor}” has ${byteLength} bytes as ${precision}; one buffer holds at most ${limit}.`,
  'inference.no-tensor-at': ({ buffer, offset, byteLength }) =>
    `Buffer ${buffer} has no tensor of ${byteLength} bytes at offset ${offset}.`,
  'inference.not-a-matrix': ({ tensor }) => `“${tensor}” cannot be edited: it is not a matrix of this model.`,
  'inference.not-editable': ({ tensor }) =>
    `“${tensor}” cannot be edited: the model was opened without it in the list of editable tensors.`,
  'inference.edit-wrong-length': ({ tensor, length, expected }) =>
    `The edit of “${tensor}” has ${length} numbers; the tensor has ${expected}.`,
  'inference.ids-wrong-length': ({ rows, length, ids }) =>
    `${rows} rows of ${length} tokens need ${rows * length} ids; there are ${ids}.`,
  'inference.row-too-short': ({ length, minimum }) => `A row has ${length} tokens; at least ${minimum} are needed.`,
  'inference.row-too-long': ({ length, maxPositions }) =>
    `A row of ${length} tokens is longer than the model’s ${maxPositions} positions.`,
  'inference.token-outside-vocabulary': ({ token, vocab }) =>
    `Token ${token} is outside the vocabulary of ${vocab} tokens.`,
  'inference.product-mismatch': ({ left, right }) =>
    `A matrix product needs equal inner sizes; the left matrix has ${left} and the right one ${right}.`,
  'inference.logits-unusable': () => 'The model’s logits are all zero or not finite: it cannot be run here.',
  'inference.folder-unreadable': ({ folder }) => `“${folder}” cannot be read as a folder.`,
  'inference.webgpu-missing': () => 'This browser has no WebGPU; WebAssembly works in every browser.',
  'inference.webgpu-adapter-missing': () => 'WebGPU found no graphics adapter here; WebAssembly needs none.',
  'inference.webgpu-emulated': () => 'WebGPU is emulated in software here; WebAssembly is faster.',
  'inference.webgpu-failed': ({ reason }) => `WebGPU failed here: ${reason}`,
  'inference.worker-failed': ({ reason }) => `The worker that runs the model failed: ${reason}`,
  'inference.worker-not-opened': () => 'No model has been opened in this worker.',
  'inference.model-closed': () => 'The model has been closed: open it again.',
}

const memory: Record<MemoryScope, (available: string) => string> = {
  free: (available) => `only ${available} are free on this machine`,
  device: (available) => `this device has only ${available}`,
  page: (available) => `a page can use only ${available}: run it with Kinmark’s command line instead`,
}
