import type { Edits, FingerprintRuntime, Matrix } from '../../inference/runtime'
import type { Square } from '../linear/square'
import { differencesUnder } from './embed-ties'
import type { NearTieKeys } from './near-tie-keys'
import { refitter } from './refit'

/** How keys answer in a copy that was attacked, measured on simulated attacks. The verdict's weights come from it. */
export type TieChannel = {
  /** Logit of the first answer minus the second in the attacked base, nats, [N]. */
  differences: Float64Array
  /** How far a bit moves that difference in an attacked copy, [N], ≥ 0. */
  shifts: Float64Array
  /** Standard deviation of what else moves it, nats. */
  noise: number
}

/** Strength of the refit that keys are chosen, calibrated and weighed by. */
const simulatedRefit = 1.5
/** A key's own measured shift against the mean of all: few pilots measure one key badly. */
const trust = 0.5

/** An attack on the base, or on a copy given by its edits. */
export type SimulatedAttack = (edits: Edits) => Promise<Map<string, Float32Array>>

/**
 * A refit of every down_proj but the first layer's: that one turns tokens into features, and a refit of it costs more
 * than an attacker would pay.
 */
export async function simulatedAttack(
  runtime: FingerprintRuntime,
  layers: readonly number[],
  moments: readonly Square[],
): Promise<SimulatedAttack> {
  const refitters = new Map<string, (w: Matrix) => Promise<Matrix>>()
  for (const [i, layer] of layers.entries())
    if (layer > 0)
      refitters.set(runtime.shape.downProj[layer], await refitter(runtime.matmul, moments[i], simulatedRefit))
  return async (edits) => {
    const attacked = new Map(edits)
    for (const [name, refit] of refitters) {
      const base = await runtime.tensor(name)
      attacked.set(name, (await refit({ ...base, data: edits.get(name) ?? base.data })).data)
    }
    return attacked
  }
}

/** Measures pilot copies, given as their bits and edits, after the simulated attack. */
export async function measureChannel(
  runtime: FingerprintRuntime,
  keys: NearTieKeys,
  attack: SimulatedAttack,
  pilots: readonly { bits: Int8Array; edits: Edits }[],
  signal?: AbortSignal,
): Promise<TieChannel> {
  const under = async (edits: Edits) => differencesUnder(runtime, keys, await attack(edits), signal)
  const unmarked = await under(new Map())
  const moved: Float64Array[] = []
  for (const { bits, edits } of pilots) {
    const now = await under(edits)
    moved.push(now.map((difference, k) => bits[k] * (difference - unmarked[k])))
  }
  const own = unmarked.map((_, k) => moved.reduce((sum, shift) => sum + shift[k], 0) / moved.length)
  const mean = own.reduce((a, b) => a + b, 0) / own.length
  const shifts = own.map((shift) => Math.max(0, mean + trust * (shift - mean)))
  let squares = 0
  for (const shift of moved) for (const [k, value] of shift.entries()) squares += (value - shifts[k]) ** 2
  return { differences: unmarked, shifts, noise: Math.sqrt(squares / (moved.length * own.length)) }
}

/** P(the first answer wins) at key k where the members of a coalition lean to it by `lean` on average, −1 to 1. */
export function chanceOfFirst({ differences, shifts, noise }: TieChannel, k: number, lean: number): number {
  return logistic((1.702 * (differences[k] + shifts[k] * lean)) / noise)
}

/** Within 0.01 of the normal distribution where its argument is scaled by 1.702; its tails forgive more. */
function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
