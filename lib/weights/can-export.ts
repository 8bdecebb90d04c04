import { KinmarkError } from '../error'
import type { ModelConfig } from './config/config'

/**
 * Throws `weights.cannot-export` for models that transformers.js cannot run from their graph: it keeps keys and values
 * for every layer and nothing else, so layers with other states, or with another layer's keys, have no place there; and
 * graphs with experts, each of which is a part of the graph, are too large for it.
 */
export function assertCanExport({ family, blocks, prefix, experts }: ModelConfig): void {
  const ordinary = blocks.every(({ mixer, keysOf, headDim, kvHeads }) => {
    const sameSize = headDim === blocks[0].headDim && kvHeads === blocks[0].kvHeads
    return mixer === 'attention' && keysOf === null && sameSize
  })
  if (!ordinary || experts || prefix.includes('language_model'))
    throw new KinmarkError('weights.cannot-export', { family })
}
