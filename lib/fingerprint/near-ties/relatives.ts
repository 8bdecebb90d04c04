import { KinmarkError } from '../../error'
import type { Edits, FingerprintRuntime, Matrix, RunOptions } from '../../inference/runtime'
import { chernoffNats } from '../evidence/chernoff'
import { type BitTable, copyScores } from '../evidence/copy-scores'
import type { Preparation } from '../format/preparation'
import { foldedHead } from '../head/head'
import { differencesAt } from './shared-runs'
import type { TieChannel } from './tie-channel'

/**
 * Weights that may have been mixed into a copy: a fine-tune of the base that a thief could load. Only its matrices of these
 * names count, which the base's runtime must be able to edit.
 */
export type Relative = { tensor(name: string): Promise<Matrix>; matrices: readonly string[] }

/** Which matrices a relative has its part in, 0 to 1. */
export type Join = { names: readonly string[]; part: number }

/** A relative's parts of a merge that are tried. */
const parts = [0.25, 0.5, 0.75]

/** What a thief may make of a copy and a relative: a merge, or the copy with the relative's later `down_proj`. */
export function joins({ shape }: FingerprintRuntime, { matrices }: Relative): Join[] {
  return [...parts.map((part) => ({ names: matrices, part })), { names: shape.downProj.slice(1), part: 1 }]
}

/** The weights with these edits after a join with a relative. */
export async function joined(
  runtime: FingerprintRuntime,
  edits: Edits,
  relative: Relative,
  { names, part }: Join,
): Promise<Edits> {
  const made = new Map(edits)
  for (const name of names) {
    const own = edits.get(name) ?? (await runtime.tensor(name)).data
    const { data: other } = await relative.tensor(name)
    made.set(
      name,
      own.map((x, i) => x + part * (other[i] - x)),
    )
  }
  return made
}

/** What a join leaves of a copy's edit, by edited layer, 0 to 1. */
export function leftOf({ shape }: FingerprintRuntime, layers: readonly number[], { names, part }: Join): number[] {
  return layers.map((layer) => (names.includes(shape.downProj[layer]) ? 1 - part : 1))
}

/** The chance at which a relative that has nothing of any copy is refused. */
const refused = 0.01

/**
 * Throws `fingerprint.relative-marked` where a relative leans at the keys as the bits of some copy say, or as their opposites
 * do. The bounds hold for what does not depend on a copy's bits. A model that was made from a copy, or against it, does, and
 * beside it others' answers would accuse that copy's buyer.
 */
export async function assertUnmarked(
  runtime: FingerprintRuntime,
  { keys }: Pick<Preparation, 'keys'>,
  table: BitTable,
  relative: Relative,
  { signal }: Pick<RunOptions, 'signal'> = {},
): Promise<void> {
  const edits = await joined(runtime, new Map(), relative, { names: relative.matrices, part: 1 })
  const leads = await differencesAt(runtime, await foldedHead(runtime), keys, { edits, signal })
  const changes = leads.map((lead, k) => lead - keys.gaps[k])
  const nats = chernoffNats(changes)
  const most = copyScores(table, changes).reduce((most, score) => Math.max(most, nats(Math.abs(score))), 0)
  if (most >= Math.log((2 * table.copies) / refused)) throw new KinmarkError('fingerprint.relative-marked')
}

/**
 * How keys answer in a copy after each join with a relative. The unmarked base after the same join says which answer each
 * key leans to without a bit, so that votes count where the bit decides them. `table` has the bits of all copies that are
 * judged. Throws as `assertUnmarked` does.
 */
export async function relativeChannels(
  runtime: FingerprintRuntime,
  { keys, layers, channel }: Pick<Preparation, 'keys' | 'layers' | 'channel'>,
  table: BitTable,
  relative: Relative,
  { signal }: Pick<RunOptions, 'signal'> = {},
): Promise<TieChannel[]> {
  await assertUnmarked(runtime, { keys }, table, relative, { signal })
  const head = await foldedHead(runtime)
  const channels: TieChannel[] = []
  for (const join of joins(runtime, relative)) {
    const edits = await joined(runtime, new Map(), relative, join)
    const left = leftOf(runtime, layers, join).reduce((sum, part) => sum + part / layers.length, 0)
    channels.push({
      differences: await differencesAt(runtime, head, keys, { edits, signal }),
      shifts: channel.shifts.map((shift) => left * shift),
      noise: channel.noise,
    })
  }
  return channels
}
