import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { bitTable } from '../lib/fingerprint/evidence/copy-scores'
import { decodePreparation } from '../lib/fingerprint/format/preparation'
import { secondMoments } from '../lib/fingerprint/keys/moments'
import { sampleText } from '../lib/fingerprint/keys/sample'
import { heldMoments } from '../lib/fingerprint/keys/shares'
import { copyBits } from '../lib/fingerprint/near-ties/copy-bits'
import { embedTies } from '../lib/fingerprint/near-ties/embed-ties'
import { answersOf, differencesOf, votesOf } from '../lib/fingerprint/near-ties/near-tie-keys'
import {
  channelOf,
  type SimulatedAttack,
  simulatedAttack,
  type TieChannel,
} from '../lib/fingerprint/near-ties/tie-channel'
import { gaussian, seededRandom } from '../lib/fingerprint/stats/random'
import { formatPercent } from '../lib/format/odds'
import { openForFingerprinting } from '../lib/inference/node/open-for-fingerprinting'
import { namedColluders } from './attack/named-colluders'
import { buyers } from './marked/open-marked'
import { tableOf } from './marked/print'

/**
 * Coalitions simulated on a measured channel, of copies as they are sold or, with `--refit`, after a refit. `--kept` is a
 * preparation that bench/attacks.ts stored.
 */

const { values: given } = parseArgs({
  options: {
    kept: { type: 'string' },
    books: { type: 'string', default: '10000' },
    trials: { type: 'string', default: '200' },
    sizes: { type: 'string', default: '2,3,5,8' },
    /** Only ways to collude that this regular expression finds. */
    how: { type: 'string', default: '' },
    /** The prepared model: fresh copies of it are measured, which the preparation has not seen. */
    folder: { type: 'string', default: 'public/models/tiny' },
    /** Strength of the refit that the copies are put through before. */
    refit: { type: 'string', default: '0' },
  },
})
if (!given.kept) throw new Error('--kept is a file that bench:attacks --kept wrote.')
const preparation = decodePreparation(await readFile(given.kept))
const { secret, channel, keys } = preparation
const [count, books] = [keys.gaps.length, Number(given.books)]
const copies = 8
const { answering, silent } = await measured(given.folder, Number(given.refit))
const table = bitTable(
  buyers(books).map(({ copyId, buyerSeed }) => copyBits(secret, copyId, buyerSeed, count)),
  count,
)
const random = seededRandom(new Uint8Array(16).fill(17))

type Strategy = (members: readonly number[], k: number) => number
const difference = (k: number, lean: number) =>
  answering.differences[k] + answering.shifts[k] * lean + answering.noise * gaussian(random)
const bit = (copy: number, k: number) => table.bits[copy * count + k]
const answer = (copy: number, k: number) => (difference(k, bit(copy, k)) > 0 ? 1 : -1)
const strategies: Record<string, Strategy> = {
  'weights averaged': (members, k) =>
    difference(k, members.reduce((sum, copy) => sum + bit(copy, k), 0) / members.length) > 0 ? 1 : -1,
  'majority of answers': (members, k) => {
    const sum = members.reduce((total, copy) => total + answer(copy, k), 0)
    return sum === 0 ? (random() < 0.5 ? 1 : -1) : Math.sign(sum)
  },
  'one at random': (members, k) => answer(members[Math.floor(random() * members.length)], k),
  minority: (members, k) => {
    const answers = members.map((copy) => answer(copy, k))
    const sum = answers.reduce((a, b) => a + b, 0)
    return Math.abs(sum) === members.length || sum === 0 ? answers[0] : -Math.sign(sum)
  },
}
const rows = given.sizes.split(',').flatMap((text) => {
  const size = Number(text)
  const chosen = Object.entries(strategies).filter(([name]) => new RegExp(given.how).test(name))
  return chosen.map(([name, vote]) => {
    const tried = Array.from({ length: Number(given.trials) }, () => {
      const members = Array.from({ length: size }, () => Math.floor(random() * books))
      return { members, votes: Int8Array.from({ length: count }, (_, k) => (random() < silent ? 0 : vote(members, k))) }
    })
    const { trials, any, all, mean, innocents } = namedColluders(channel, table, tried)
    return [size, name, formatPercent(any / trials), formatPercent(all / trials), mean.toFixed(1), innocents]
  })
})
console.log(
  `${count} keys, ${books} copies, ${given.trials} trials, noise ${answering.noise.toFixed(2)} nats, ${formatPercent(silent)} of the keys not answered.\n`,
)
console.log(tableOf(['colluders', 'how', 'one named', 'all named', 'named', 'innocents'], rows))

/** How copies answer: the channel of a few, and the share of keys that they answer with neither of the two. */
async function measured(folder: string, strength: number): Promise<{ answering: TieChannel; silent: number }> {
  const { open, dtype } = await openForFingerprinting(folder, () => preparation.layers)
  const runtime = await open({ threads: 1 })
  const { layers } = preparation
  const traffic = await sampleText(runtime, new Uint8Array(32).fill(21), 'text', 256, 64)
  const attack: SimulatedAttack =
    strength > 0
      ? simulatedAttack(runtime, layers, heldMoments(await secondMoments(runtime, traffic, layers)), strength)
      : async (edits) => new Map(edits)
  const seen: { bits: Int8Array; attacked: Float64Array }[] = []
  let silent = 0
  for (let i = 0; i < copies; i++) {
    const bits = copyBits(secret, `measured ${i}`, new Uint8Array(32), count)
    const edits = await attack((await embedTies(runtime, preparation, bits, dtype)).values)
    const votes = votesOf(await answersOf(runtime, keys, { edits }), keys.pairs)
    silent += votes.filter((vote) => vote === 0).length / (copies * count)
    seen.push({ bits, attacked: await differencesOf(runtime, keys, { edits }) })
  }
  const unmarked = await differencesOf(runtime, keys, { edits: await attack(new Map()) })
  await runtime.close()
  return { answering: channelOf(unmarked, seen), silent }
}
