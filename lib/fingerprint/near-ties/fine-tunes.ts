import { KinmarkError } from '../../error'
import type { Edits, FingerprintRuntime, Matrix, RunOptions } from '../../inference/runtime'
import { derive } from '../code/secrets'
import { chernoffNats } from '../evidence/chernoff'
import { type BitTable, copyScores } from '../evidence/copy-scores'
import type { Preparation } from '../format/preparation'
import { foldedHead, type Head } from '../head/head'
import type { ProgressOptions } from '../stages/progress'
import { copyBits } from './copy-bits'
import { embedTies, ridgeSolver, type TieEmbedding } from './embed-ties'
import { differencesAt } from './shared-runs'
import { channelOf, type TieChannel } from './tie-channel'

/**
 * Weights that may have been mixed into a copy: a fine-tune of the base that a thief could load. Only its matrices of these
 * names count, which the base's runtime must be able to edit.
 */
export type FineTune = { tensor(name: string): Promise<Matrix>; matrices: readonly string[] }

/** A way to merge a fine-tune with other weights: its part, 0 to 1, in the matrices of these names. */
export type Merge = { names: readonly string[]; part: number }

/** Parts that a fine-tune may have in a merge. */
const parts = [0.25, 0.5, 0.75]

/** The merges that a thief may make: of all matrices, or the fine-tune's `down_proj` in every layer but the first. */
export function merges({ shape }: FingerprintRuntime, { matrices }: FineTune): Merge[] {
  const later = matrices.filter((name) => shape.downProj.indexOf(name) > 0)
  return [...parts.map((part) => ({ names: matrices, part })), { names: later, part: 1 }]
}

/** The weights with these edits after a merge with a fine-tune. */
export async function merge(
  runtime: FingerprintRuntime,
  edits: Edits,
  fineTune: FineTune,
  { names, part }: Merge,
): Promise<Edits> {
  const made = new Map(edits)
  for (const name of names) {
    const own = edits.get(name) ?? (await runtime.tensor(name)).data
    const { data: other } = await fineTune.tensor(name)
    made.set(
      name,
      own.map((x, i) => x + part * (other[i] - x)),
    )
  }
  return made
}

/** The part of a copy's edit that is left after a merge, for each edited layer, 0 to 1. */
export function leftOf({ shape }: FingerprintRuntime, layers: readonly number[], { names, part }: Merge): number[] {
  return layers.map((layer) => (names.includes(shape.downProj[layer]) ? 1 - part : 1))
}

/** The chance at which a fine-tune that has nothing of any copy is refused. */
const refused = 0.01

/**
 * Throws `fingerprint.fine-tune-marked` where a fine-tune leans at the keys as the bits of some copy say, or as their opposites
 * do. The bounds hold for what does not depend on a copy's bits. A model that was made from a copy, or against it, does, and
 * beside it others' answers would accuse that copy's buyer.
 */
export async function assertUnmarked(
  runtime: FingerprintRuntime,
  head: Head,
  { keys }: Pick<Preparation, 'keys'>,
  table: BitTable,
  fineTune: FineTune,
  { signal }: Pick<RunOptions, 'signal'> = {},
): Promise<void> {
  const edits = await merge(runtime, new Map(), fineTune, { names: fineTune.matrices, part: 1 })
  const logOdds = await differencesAt(runtime, head, keys, { edits, signal })
  const changes = logOdds.map((value, k) => value - keys.gaps[k])
  const nats = chernoffNats(changes)
  const most = copyScores(table, changes).reduce((most, score) => Math.max(most, nats(Math.abs(score))), 0)
  if (most >= Math.log((2 * table.copies) / refused)) throw new KinmarkError('fingerprint.fine-tune-marked')
}

/** Pilots that are merged. Each is run after every merge. */
const pilots = 3

/**
 * How keys answer in a copy after each merge with a fine-tune. The unmarked base after the same merge says which answer each
 * key leans to without a bit, and merged pilots say how far a bit still moves it, so that votes count where the bit decides
 * them. `table` has the bits of all copies that are judged. Throws as `assertUnmarked` does.
 */
export async function fineTuneChannels(
  runtime: FingerprintRuntime,
  { secret, ...embedding }: TieEmbedding & Pick<Preparation, 'secret'>,
  table: BitTable,
  fineTune: FineTune,
  { signal, onProgress }: ProgressOptions = {},
): Promise<TieChannel[]> {
  const { keys, kernel } = embedding
  const head = await foldedHead(runtime)
  await assertUnmarked(runtime, head, { keys }, table, fineTune, { signal })
  const ways = merges(runtime, fineTune)
  let runs = 0
  const afterEach = async (edits: Edits) => {
    const differences: Float64Array[] = []
    for (const way of ways) {
      const merged = await merge(runtime, edits, fineTune, way)
      differences.push(await differencesAt(runtime, head, keys, { edits: merged, signal }))
      const done = ++runs / (ways.length * (1 + pilots))
      onProgress?.({ stage: 'verify', step: 'trial copies merged with the fine-tune', done })
    }
    return differences
  }
  const unmarked = await afterEach(new Map())
  const solve = await ridgeSolver(runtime, kernel)
  const seed = derive(secret, 'pilot', [], 32)
  const marked: { bits: Int8Array; after: Float64Array[] }[] = []
  for (let i = 0; i < pilots; i++) {
    const bits = copyBits(secret, `merged pilot ${i}`, seed, keys.gaps.length)
    const { values } = await embedTies(runtime, embedding, bits, 'F32', { solve, signal })
    marked.push({ bits, after: await afterEach(values) })
  }
  return ways.map((_, way) =>
    channelOf(
      unmarked[way],
      marked.map(({ bits, after }) => ({ bits, attacked: after[way] })),
    ),
  )
}
