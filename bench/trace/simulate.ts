import { accuse } from '../../lib/fingerprint/accuse'
import { codeBiases, codewordOf } from '../../lib/fingerprint/code'
import { seededRandom } from '../../lib/fingerprint/random'
import { derive, uint32 } from '../../lib/fingerprint/secrets'
import type { Collusion } from '../attack/collude-answers'
import { buyers } from '../marked/open-marked'

export type Simulation = { keys: number; cutoff: number; copies: number; rate: number }

/** Coalitions on codewords alone: a fresh code and fresh copies each time, the first `size` of which collude. */
export function simulate(
  { keys, cutoff, copies, rate }: Simulation,
  collude: Collusion,
  size: number,
  trials: number,
): { named: number; innocents: number } {
  let [named, innocents] = [0, 0]
  for (let trial = 0; trial < trials; trial++) {
    const secret = new Uint8Array(32)
    secret.set(uint32(keys, size, trial))
    const random = seededRandom(derive(secret, 'rehearsal', [], 16))
    const code = codeBiases(secret, keys, cutoff)
    const codewords = buyers(copies).map(({ copyId, buyerSeed }) => codewordOf(secret, code, copyId, buyerSeed))
    const members = codewords.slice(0, size)
    const answered = Int8Array.from({ length: keys }, (_, key) =>
      collude(
        members.map((codeword) => codeword[key]),
        random,
      ),
    )
    const accused = accuse(answered, code, codewords, rate)
    if (accused.some(({ copy }) => copy < size)) named++
    innocents += accused.filter(({ copy }) => copy >= size).length
  }
  return { named, innocents }
}
