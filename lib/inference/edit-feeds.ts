import { LegacyError } from '../error'
import type { Engine } from './engine'
import type { Feeds } from './feeds'
import type { Edits, Matrix } from './runtime'

/** Returns what feeds the editable tensors: the edit of each, or the file's own weights, which are read once. */
export function editFeeds(
  { Tensor }: Pick<Engine, 'Tensor'>,
  editable: readonly string[],
  read: (name: string) => Promise<Matrix>,
): (edits?: Edits) => Promise<Feeds> {
  const own = new Map<string, Promise<Matrix>>()
  return async (edits = new Map()) => {
    for (const name of edits.keys())
      if (!editable.includes(name)) throw new LegacyError(`“${name}” was not opened as editable.`)
    const feeds: Feeds = {}
    for (const name of editable) {
      const weights = own.get(name) ?? read(name)
      own.set(name, weights)
      const { data, rows, cols } = await weights
      const edit = edits.get(name) ?? data
      if (edit.length !== data.length)
        throw new LegacyError(`The edit of “${name}” has ${edit.length} numbers; the tensor has ${data.length}.`)
      feeds[name] = new Tensor('float32', edit, [rows, cols])
    }
    return feeds
  }
}
