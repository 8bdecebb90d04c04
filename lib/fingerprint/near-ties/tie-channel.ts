import type { Edits, FingerprintRuntime, Matrix } from '../../inference/runtime'
import type { Moments } from '../keys/shares'
import { type Refit, refitter } from './refit'

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
/** Up to this width of down_proj's input a layer's factor is kept for the next copy: 64 MiB. */
const widestKept = 4096

/** An attack on the base, or on a copy given by its edits. */
export type SimulatedAttack = (edits: Edits) => Promise<Map<string, Float32Array>>

/**
 * A refit of every down_proj but the first layer's: that one turns tokens into features, and a refit of it costs more
 * than an attacker would pay.
 */
export function simulatedAttack(
  runtime: FingerprintRuntime,
  layers: readonly number[],
  moments: Moments,
  strength = simulatedRefit,
): SimulatedAttack {
  const { matmul, shape } = runtime
  const made = new Map<number, Promise<Refit>>()
  const refitOf = (i: number) => {
    const found = made.get(i) ?? moments(i).then((moment) => refitter(matmul, moment, strength))
    if (shape.ff <= widestKept) made.set(i, found)
    return found
  }
  return async (edits) => {
    const attacked = new Map(edits)
    for (const [i, layer] of layers.entries()) {
      if (layer === 0) continue
      const name = shape.downProj[layer]
      const base = await runtime.tensor(name)
      const weights: Matrix = { ...base, data: edits.get(name) ?? base.data }
      attacked.set(name, (await (await refitOf(i))(weights)).data)
    }
    return attacked
  }
}

/** The channel of pilot copies: their bits, and their keys' differences after the attack; [N] like those of the attacked base. */
export function channelOf(
  unmarked: Float64Array,
  pilots: readonly { bits: Int8Array; attacked: Float64Array }[],
): TieChannel {
  const moved = pilots.map(({ bits, attacked }) => attacked.map((value, k) => bits[k] * (value - unmarked[k])))
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
