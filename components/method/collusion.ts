import type { Accused } from '@/lib/fingerprint/evidence/accuse'
import { bitTable } from '@/lib/fingerprint/evidence/copy-scores'
import { copyBits } from '@/lib/fingerprint/near-ties/copy-bits'
import { judgeAnswers } from '@/lib/fingerprint/near-ties/judge-answers'
import { seededRandom } from '@/lib/fingerprint/stats/random'

/** The secret keys of a set of 1,536. */
export const keys = 1440
const rate = 1e-9
const secret = new Uint8Array(32).fill(0x4b)

export const copyNames = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn', 'Gil', 'Hana', 'Ivo', 'June', 'Kofi', 'Lea']
export const bits = copyNames.map((name) => copyBits(secret, name, secret, keys))
const table = bitTable(bits, keys)
/** Keys that lean as their bits say nearly always. */
const channel = { differences: new Float64Array(keys), shifts: new Float64Array(keys).fill(1), noise: 0.5 }

/** The votes of a leak that combines `members`: at each key, one member's answer, chosen at random. */
export function mixCopies(members: readonly number[], seed: number): Int8Array {
  const random = seededRandom(new Uint8Array(16).fill(seed + 1))
  return Int8Array.from({ length: keys }, (_, key) =>
    members.length === 0 ? 0 : bits[members[Math.floor(random() * members.length)]][key],
  )
}

export function traceLeak(votes: Int8Array): Accused[] {
  return judgeAnswers([channel], { votes, residuals: null }, table, rate).accused
}

/** How many of the keys a page draws. */
export const shownKeys = 40
