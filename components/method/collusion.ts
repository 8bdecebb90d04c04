import { codeBiases, codewordOf } from '@/lib/fingerprint/code/code'
import { seededRandom } from '@/lib/fingerprint/stats/random'
import { type TracedCopy, trace } from '@/lib/fingerprint/trace'

/** The secret keys of a set of 128. */
const keys = 112
const cutoff = 0.12
const rate = 1e-9
const secret = new Uint8Array(32).fill(0x4b)

export const copyNames = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gil', 'Hana', 'Ivo', 'June', 'Kofi', 'Lea']
const biases = codeBiases(secret, keys, cutoff)
export const codewords = copyNames.map((name) => codewordOf(secret, biases, name, secret))

/** The answers of a leak that combines `members`: at each key, one member's response, chosen at random. */
export function mixCopies(members: readonly number[], seed: number): Int8Array {
  const random = seededRandom(new Uint8Array(16).fill(seed + 1))
  return Int8Array.from({ length: keys }, (_, key) =>
    members.length === 0 ? -1 : codewords[members[Math.floor(random() * members.length)]][key],
  )
}

export function traceLeak(answered: Int8Array): TracedCopy[] {
  return trace(answered, biases, codewords, rate)
}
