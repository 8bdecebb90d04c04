import type { Edits, FingerprintRuntime, Matrix } from '../../inference/runtime'
import type { Square } from '../linear/square'
import { leadsUnder, type TieEmbedding } from './embed-ties'
import { refit } from './refit'

/** How keys answer in a copy that was attacked, measured on simulated attacks. The verdict's weights come from it. */
export type TieChannel = {
  /** By how many nats the first answer leads in the attacked base, [N]. */
  leads: Float64Array
  /** How far a bit moves that lead in an attacked copy, [N], ≥ 0. */
  shifts: Float64Array
  /** Standard deviation of what else moves it, nats. */
  noise: number
}

/** Strength of the refit that keys are chosen, calibrated and weighed by. */
export const simulatedRefit = 1.5
/** A key's own measured shift against the mean of all: few pilots measure one key badly. */
const trust = 0.5

/**
 * The base's or a copy's down_proj after the simulated attack. The first layer is left as it is: it turns tokens into
 * features, and a refit of it costs more than an attacker would pay.
 */
export async function refitted(
  runtime: FingerprintRuntime,
  layers: readonly number[],
  moments: readonly Square[],
  edits: Edits,
): Promise<Map<string, Float32Array>> {
  const attacked = new Map<string, Float32Array>()
  for (const [i, layer] of layers.entries()) {
    const name = runtime.shape.downProj[layer]
    if (layer === 0) {
      const kept = edits.get(name)
      if (kept) attacked.set(name, kept)
      continue
    }
    const base = await runtime.tensor(name)
    const w: Matrix = { ...base, data: edits.get(name) ?? base.data }
    attacked.set(name, (await refit(runtime.matmul, w, moments[i], simulatedRefit)).data)
  }
  return attacked
}

/** Measures pilot copies, given as their bits and edits, after the simulated attack. */
export async function measureChannel(
  runtime: FingerprintRuntime,
  { keys, layers }: Pick<TieEmbedding, 'keys' | 'layers'>,
  moments: readonly Square[],
  pilots: readonly { bits: Int8Array; edits: Edits }[],
  signal?: AbortSignal,
): Promise<TieChannel> {
  const under = async (edits: Edits) =>
    leadsUnder(runtime, keys, await refitted(runtime, layers, moments, edits), signal)
  const unmarked = await under(new Map())
  const moved: Float64Array[] = []
  for (const { bits, edits } of pilots) {
    const now = await under(edits)
    moved.push(now.map((lead, k) => bits[k] * (lead - unmarked[k])))
  }
  const own = unmarked.map((_, k) => moved.reduce((sum, shift) => sum + shift[k], 0) / moved.length)
  const mean = own.reduce((a, b) => a + b, 0) / own.length
  const shifts = own.map((shift) => Math.max(0, mean + trust * (shift - mean)))
  let squares = 0
  for (const shift of moved) for (const [k, value] of shift.entries()) squares += (value - shifts[k]) ** 2
  return { leads: unmarked, shifts, noise: Math.sqrt(squares / (moved.length * own.length)) }
}

/** P(the first answer wins) at key k where the members of a coalition lean to it by `lean` on average, −1 to 1. */
export function chanceOfFirst({ leads, shifts, noise }: TieChannel, k: number, lean: number): number {
  return logistic((1.702 * (leads[k] + shifts[k] * lean)) / noise)
}

/** Within 0.01 of the normal distribution where its argument is scaled by 1.702; its tails forgive more. */
function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
