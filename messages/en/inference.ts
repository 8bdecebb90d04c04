import type { InferenceErrors, MemoryScope } from '../../lib/errors/inference'
import { formatBytes } from '../../lib/format/sizes'
import type { Messages } from '../messages'

/** Sentences for faults in loading and running a model. */
export const inference: Messages<InferenceErrors> = {
  'inference.load-failed': ({ backend, reason }) => `The model could not be loaded on ${backends[backend]}: ${reason}`,
  'inference.logits-unusable': ({ backend }) =>
    `On ${backends[backend]} the model’s logits are all zero or not finite, so it cannot be run there.`,
  'inference.memory-insufficient': ({ needed, available, scope }) =>
    `This model needs about ${formatBytes(needed)} of memory to run, but ${memory[scope](formatBytes(available))}.`,
  'inference.tensor-too-large': ({ tensor, byteLength, precision, limit }) =>
    `Tensor “${tensor}” has ${byteLength} bytes as ${precision}; one buffer holds at most ${limit}.`,
  'inference.no-tensor-at': ({ buffer, offset, byteLength }) =>
    `Buffer ${buffer} has no tensor of ${byteLength} bytes at offset ${offset}.`,
  'inference.not-a-matrix': ({ tensor }) => `“${tensor}” cannot be edited: it is not a matrix of this model.`,
  'inference.not-editable': ({ tensor }) =>
    `“${tensor}” cannot be edited: name it as editable when the model is opened.`,
  'inference.edit-wrong-length': ({ tensor, length, expected }) =>
    `The edit of “${tensor}” has ${length} numbers; the tensor has ${expected}.`,
  'inference.ids-wrong-length': ({ rows, tokens, ids }) =>
    `${rows} rows of ${tokens} tokens need ${rows * tokens} ids; there are ${ids}.`,
  'inference.row-too-short': ({ tokens, minimum }) => `A row has ${tokens} tokens; at least ${minimum} are needed.`,
  'inference.row-too-long': ({ tokens, maxPositions }) =>
    `A row of ${tokens} tokens is longer than the model’s ${maxPositions} positions.`,
  'inference.token-outside-vocabulary': ({ token, vocab }) =>
    `Token ${token} is outside the vocabulary of ${vocab} tokens.`,
  'inference.product-mismatch': ({ left, right }) =>
    `A matrix product needs equal inner sizes; the left matrix has ${left} and the right one ${right}.`,
  'inference.link-dangling': ({ path, folder }) =>
    `“${path}” in “${folder}” is a link to a file that is not there. Download the model again.`,
  'inference.folder-unreadable': ({ folder }) => `“${folder}” cannot be read as a folder.`,
  'inference.webgpu-missing': () => 'This browser has no WebGPU; WebAssembly works in every browser.',
  'inference.webgpu-adapter-missing': () => 'WebGPU found no graphics adapter here; WebAssembly does not need one.',
  'inference.webgpu-emulated': () => 'WebGPU is emulated in software here; WebAssembly is faster.',
  'inference.worker-failed': ({ reason }) => `The worker that runs the model failed: ${reason}`,
  'inference.worker-not-opened': () => 'No model has been opened in this worker.',
  'inference.model-closed': () => 'The model has been closed: open it again.',
}

const backends = { cpu: 'the CPU', wasm: 'WebAssembly', webgpu: 'WebGPU' } as const

const memory: Record<MemoryScope, (available: string) => string> = {
  free: (available) => `only ${available} are free on this machine`,
  device: (available) => `this device has only ${available}`,
  page: (available) => `a page can use only ${available}: run it with Kinmark’s command line instead`,
}
