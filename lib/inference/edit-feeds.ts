import { KinmarkError } from '../error'
import type { Engine } from './engine'
import type { Feeds } from './feeds'
import type { Edits, Matrix } from './runtime'

/** A matrix without its numbers. */
type Size = Pick<Matrix, 'rows' | 'cols'>

/**
 * Makes the feeds of the editable tensors that are used: the edit of each, or else the weights of the file, which are read
 * once, and only where they are not replaced.
 */
export function editFeeds(
  { Tensor }: Pick<Engine, 'Tensor'>,
  editable: readonly string[],
  { sizeOf, read }: { sizeOf: (name: string) => Size; read: (name: string) => Promise<Matrix> },
): (edits?: Edits, isUsed?: (name: string) => boolean) => Promise<Feeds> {
  const unedited = new Map<string, Promise<Matrix>>()
  const weightsOf = (name: string) => {
    const weights = unedited.get(name) ?? read(name)
    unedited.set(name, weights)
    return weights
  }
  return async (edits = new Map(), isUsed = () => true) => {
    for (const name of edits.keys())
      if (!editable.includes(name)) throw new KinmarkError('inference.not-editable', { tensor: name })
    const feeds: Feeds = {}
    for (const name of editable.filter(isUsed)) {
      const { rows, cols } = sizeOf(name)
      const data = edits.get(name) ?? (await weightsOf(name)).data
      if (data.length !== rows * cols)
        throw new KinmarkError('inference.edit-wrong-length', {
          ...{ tensor: name, length: data.length, expected: rows * cols },
        })
      feeds[name] = new Tensor('float32', data, [rows, cols])
    }
    return feeds
  }
}
