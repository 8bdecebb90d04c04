import { codeBiases, codewordOf } from '../../lib/fingerprint/code/code'
import { derive, uint32 } from '../../lib/fingerprint/code/secrets'
import { seededRandom } from '../../lib/fingerprint/stats/random'
import { trace } from '../../lib/fingerprint/trace'
import { falsePositiveRate } from '../../lib/fingerprint/verify'
import { roundedPercent } from '../../lib/format/odds'
import { type Collusion, collusions } from '../attack/collude-answers'
import { buyers } from '../marked/open-marked'
import { type Cell, tableOf } from '../marked/print'

type Simulation = { keys: number; cutoff: number; copies: number }

/** Simulates coalitions on codewords alone: a new code and new copies per trial, of which the first `size` collude. */
function simulate(
  { keys, cutoff, copies }: Simulation,
  collude: Collusion,
  size: number,
  trials: number,
): { named: number; innocents: number } {
  let [named, innocents] = [0, 0]
  for (let trial = 0; trial < trials; trial++) {
    const secret = new Uint8Array(32)
    secret.set(uint32(keys, size, trial))
    const random = seededRandom(derive(secret, 'pilot', [], 16))
    const code = codeBiases(secret, keys, cutoff)
    const codewords = buyers(copies).map(({ copyId, buyerSeed }) => codewordOf(secret, code, copyId, buyerSeed))
    const members = codewords.slice(0, size)
    const answered = Int8Array.from({ length: keys }, (_, key) =>
      collude(
        members.map((codeword) => codeword[key]),
        random,
      ),
    )
    const accused = trace(answered, code, codewords, falsePositiveRate)
    if (accused.some(({ copy }) => copy < size)) named++
    innocents += accused.filter(({ copy }) => copy >= size).length
  }
  return { named, innocents }
}

const longTrials = 50

/** Every collusion attack, on codewords of the given length and, with fewer trials, of twice that length. */
export function simulatedCoalitions(simulation: Simulation, sizes: readonly number[], trials: number): string {
  const perCell = Math.ceil(trials / (Object.keys(collusions).length * sizes.length))
  const rows: Cell[][] = []
  let innocentsInAll = 0
  for (const [attack, collude] of Object.entries(collusions))
    for (const size of sizes) {
      const cells = [perCell, Math.min(perCell, longTrials)].map((share, i) => {
        const { named, innocents } = simulate({ ...simulation, keys: (i + 1) * simulation.keys }, collude, size, share)
        innocentsInAll += innocents
        return roundedPercent(named / share)
      })
      rows.push([attack, size, ...cells])
    }
  const { keys, copies } = simulation
  return `
## Coalitions on codewords

${perCell} trials per cell at ${keys} keys (${Math.min(perCell, longTrials)} at ${2 * keys}), ${copies} copies, a new code per trial. Innocents named in all trials: ${innocentsInAll}.

${tableOf(['attack', 'colluders', `a colluder named, ${keys} keys`, `${2 * keys} keys`], rows)}`
}
