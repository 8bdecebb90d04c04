import type { PlaygroundErrors } from '../../lib/errors/playground'
import { formatBytes } from '../../lib/format/sizes'
import type { Messages } from '../messages'

export const playground: Messages<PlaygroundErrors> = {
  'playground.tokenizer-missing': () =>
    '“tokenizer.json” is missing, and the prompt cannot be tokenized without it. Add it to the folder.',
  'playground.prompt-too-long': ({ tokens, limit }) =>
    `The prompt has ${tokens} tokens; the model supports ${limit}, completion included. Shorten the prompt.`,
  'playground.logits-not-finite': () => 'The model returned numbers that are not finite: its weights may be damaged.',
  'playground.half-precision-overflow': () =>
    'The model’s numbers are too large for half precision: choose WebAssembly and run it again.',
  'playground.page-memory-too-small': ({ needed, limit }) =>
    `This model is too large for this browser: with float16 weights it needs about ${formatBytes(needed)}, and a page can use at most ${formatBytes(limit)}.`,
  'playground.device-memory-too-small': ({ needed, memory }) =>
    `This model is too large for this device: with float16 weights it needs about ${formatBytes(needed)}, and the device has ${formatBytes(memory)} of memory.`,
}
