import { KinmarkError } from '../error'
import type { Engine } from './engine'
import type { Feeds } from './feeds'
import type { Edits, Matrix } from './runtime'

/** Makes the feeds of the editable tensors: the edit of each, or else the weights of the file, which are read once. */
export function editFeeds(
  { Tensor }: Pick<Engine, 'Tensor'>,
  editable: readonly string[],
  read: (name: string) => Promise<Matrix>,
): (edits?: Edits) => Promise<Feeds> {
  const unedited = new Map<string, Promise<Matrix>>()
  return async (edits = new Map()) => {
    for (const name of edits.keys())
      if (!editable.includes(name)) throw new KinmarkError('inference.not-editable', { tensor: name })
    const feeds: Feeds = {}
    for (const name of editable) {
      const weights = unedited.get(name) ?? read(name)
      unedited.set(name, weights)
      const { data, rows, cols } = await weights
      const edit = edits.get(name) ?? data
      if (edit.length !== data.length)
        throw new KinmarkError('inference.edit-wrong-length', {
          ...{ tensor: name, length: edit.length, expected: data.length },
        })
      feeds[name] = new Tensor('float32', edit, [rows, cols])
    }
    return feeds
  }
}
