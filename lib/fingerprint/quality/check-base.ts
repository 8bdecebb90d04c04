import type { Matrix, Runtime, StatesBefore, TokenBatch } from '../../inference/runtime'
import { derive } from '../code/secrets'
import { takeRows, zeros } from '../linear/matrix'
import { askingOrder } from '../near-ties/asking-order'
import { type NearTieKeys, takeKeys } from '../near-ties/near-tie-keys'
import type { TieChannel } from '../near-ties/tie-channel'
import { seededRandom } from '../stats/random'

/** Keys, and where a copy begins to differ from the base on their prompts; see `statesBelow`. */
export type AskedKeys = { indexes: Uint32Array; below: StatesBefore | null }

/** A text’s states in the base: those that copies begin with, and the last residuals at the compared positions, [2n, d]. */
export type TextBase = { below: StatesBefore | null; ends: Matrix }

/** What the checks of all copies of a model need of the base, so that it is run once and not for every copy. */
export type CheckBase = {
  /** Parts of one random sample of the keys, the first of which is also asked with rounded weights. */
  sample: [AskedKeys, AskedKeys]
  /** The other keys among those that are asked first; see `askingOrder`. */
  first: AskedKeys
  text: TextBase
}

/** Keys in each part of the sample: 256 show a share of 97 % to within 2 or 3 parts in a hundred. */
const partSize = 128
/** Keys that are asked at once until a copy is named; one is named by some fifty. */
export const askedAtOnce = 64
/** Positions at which distributions are compared, as shares of a row’s length. */
const positions = [1 / 2, 1]

export async function checkBase(
  runtime: Runtime,
  preparation: { secret: Uint8Array; keys: NearTieKeys; channel: TieChannel; heldOut: TokenBatch },
  signal?: AbortSignal,
): Promise<CheckBase> {
  const { secret, keys, channel, heldOut } = preparation
  const drawn = drawnKeys(secret, keys.gaps.length)
  const first = askingOrder([channel])
    .slice(0, askedAtOnce)
    .filter((k) => !drawn.includes(k))
  const asked = async (some: readonly number[]): Promise<AskedKeys> => {
    const indexes = Uint32Array.from(some).sort()
    return { indexes, below: await statesBelow(runtime, takeKeys(keys, [...indexes]).prompts, signal) }
  }
  return {
    sample: [await asked(drawn.slice(0, partSize)), await asked(drawn.slice(partSize))],
    first: await asked(first),
    text: await textBase(runtime, heldOut, signal),
  }
}

export async function textBase(runtime: Runtime, text: TokenBatch, signal?: AbortSignal): Promise<TextBase> {
  const below = await statesBelow(runtime, [text], signal)
  const { residuals } = await runtime.run(text, ['residuals'], { states: below ?? undefined, signal })
  return { below, ends: endsOf(residuals, text) }
}

/** The residuals of a text [n · t, d] at the compared positions, [2n, d]. */
export function endsOf(residuals: Matrix, { rows, length }: TokenBatch): Matrix {
  const ends = positions.map((position) => Math.max(1, Math.round(position * length)) - 1)
  return takeRows(residuals, Array.from({ length: rows }, (_, i) => ends.map((end) => i * length + end)).flat())
}

/**
 * The residuals before the first edited layer at every token of these batches, one after another; null where that is the
 * model’s first layer.
 */
async function statesBelow(
  runtime: Runtime,
  batches: readonly TokenBatch[],
  signal?: AbortSignal,
): Promise<StatesBefore | null> {
  const { firstEdited: layer, hidden } = runtime.shape
  if (layer === 0) return null
  const tap = `states.${layer}` as const
  const states = zeros(
    batches.reduce((sum, { ids }) => sum + ids.length, 0),
    hidden,
  )
  let at = 0
  for (const batch of batches) {
    states.data.set((await runtime.run(batch, [tap], { signal }))[tap].data, at)
    at += batch.ids.length * hidden
  }
  return { layer, states }
}

/** A random sample of the keys, the same for all copies of a model, in the order in which they were drawn. */
function drawnKeys(secret: Uint8Array, count: number): number[] {
  const random = seededRandom(derive(secret, 'check', [], 16))
  const keys = Array.from({ length: count }, (_, k) => k)
  for (let i = 0; i < Math.min(2 * partSize, count); i++) {
    const j = i + Math.floor(random() * (count - i))
    ;[keys[i], keys[j]] = [keys[j], keys[i]]
  }
  return keys.slice(0, 2 * partSize)
}
