import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bitTable } from '../lib/fingerprint/evidence/copy-scores'
import { decodePreparation } from '../lib/fingerprint/format/preparation'
import { foldedHead } from '../lib/fingerprint/head/head'
import { argmax, row } from '../lib/fingerprint/linear/matrix'
import { copyBits } from '../lib/fingerprint/near-ties/copy-bits'
import { embedTies } from '../lib/fingerprint/near-ties/embed-ties'
import { votesOf } from '../lib/fingerprint/near-ties/near-tie-keys'
import { sharedRuns, statesOf } from '../lib/fingerprint/near-ties/shared-runs'
import { clopperPearsonUpper } from '../lib/fingerprint/stats/binomial'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { formatPercent } from '../lib/format/odds'
import { openForFingerprinting } from '../lib/inference/node/open-for-fingerprinting'
import type { Edits } from '../lib/inference/runtime'
import { toFloat32 } from '../lib/weights/dtype/float32'
import { collusions } from './attack/collude-answers'
import { average } from './attack/combine-weights'
import { namedColluders } from './attack/named-colluders'
import { buyers } from './marked/open-marked'
import { provenance, tableOf } from './marked/print'

/**
 * Coalitions of copies that were really minted: they agree on answers, or average their weights. `--kept` is a preparation
 * that bench/attacks.ts stored. What is made is kept in `--work`, so a run that was stopped goes on where it was.
 */

const { values: given } = parseArgs({
  options: {
    kept: { type: 'string' },
    work: { type: 'string' },
    folder: { type: 'string', default: 'public/models/quill' },
    books: { type: 'string', default: '10000' },
    size: { type: 'string', default: '5' },
    /** Copies that are minted; coalitions are drawn from them. */
    copies: { type: 'string', default: '40' },
    trials: { type: 'string', default: '200' },
    /** Trials of averaged weights, each of which answers all keys. */
    averaged: { type: 'string', default: '200' },
    threads: { type: 'string', default: '1' },
  },
})
if (!given.kept || !given.work) throw new Error('--kept is a file that bench:attacks --kept wrote; --work is a folder.')
const [books, size, minted] = [Number(given.books), Number(given.size), Number(given.copies)]
const work = given.work
await mkdir(work, { recursive: true })
const preparation = decodePreparation(await readFile(given.kept))
const { secret, keys, channel } = preparation
const count = keys.gaps.length
const owners = buyers(books)
const table = bitTable(
  owners.map(({ copyId, buyerSeed }) => copyBits(secret, copyId, buyerSeed, count)),
  count,
)
const { open, dtype } = await openForFingerprinting(given.folder, () => preparation.layers)
const runtime = await open({ threads: Number(given.threads) })
const head = await foldedHead(runtime)
const names = preparation.layers.map((layer) => runtime.shape.downProj[layer])
const draw = coalitionsOf(Number(given.trials))

const answers: Int32Array[] = []
for (let copy = 0; copy < minted; copy++)
  answers.push(await keptAnswers(`copy ${copy}`, async () => answersUnder(await weightsOf(copy))))
const rows = Object.entries(collusions)
  .filter(([name]) => ['majority', 'one at random'].includes(name))
  .map(([name, collude]) => {
    const random = seededRandom(new Uint8Array(16).fill(5))
    return judged(
      name,
      draw.map((members) => ({
        members,
        answers: Int32Array.from({ length: count }, (_, k) =>
          collude(
            members.map((copy) => answers[copy][k]),
            random,
          ),
        ),
      })),
    )
  })
const mixed: { members: number[]; answers: Int32Array }[] = []
for (const [trial, members] of draw.slice(0, Number(given.averaged)).entries())
  mixed.push({
    members,
    answers: await keptAnswers(`average ${trial}`, async () =>
      answersUnder(average(await Promise.all(members.map(weightsOf)))),
    ),
  })
if (mixed.length > 0) rows.push(judged('weights averaged', mixed))
await runtime.close()
console.log(
  `${provenance()} ${count} keys, ${books.toLocaleString('en')} copies on the books, coalitions of ${size} drawn from ${minted} minted copies.\n`,
)
console.log(
  tableOf(['how', 'trials', 'one named', '95 % interval', 'all named', 'named', 'least', 'innocents named'], rows),
)

/** A copy as it is sold: its tensors as rounded in the files. */
async function weightsOf(copy: number): Promise<Edits> {
  const path = (n: number) => join(work, `copy ${copy}, matrix ${n}`)
  const found = await Promise.all(names.map((_, n) => readFile(path(n)).catch(() => null)))
  if (found.every((bytes) => bytes !== null))
    return new Map(names.map((name, n) => [name, toFloat32(found[n] as Uint8Array, dtype)]))
  const bits = table.bits.slice(copy * count, (copy + 1) * count)
  const { bytes, values } = await embedTies(runtime, preparation, bits, dtype)
  for (const [n, name] of names.entries()) await writeFile(path(n), bytes.get(name) as Uint8Array)
  return values
}

async function answersUnder(edits: Edits): Promise<Int32Array> {
  const out = new Int32Array(count)
  for (const run of sharedRuns(keys)) {
    const states = await statesOf(runtime, head, run, { edits })
    const logits = await runtime.matmul(states, head.unembedding, 'b')
    for (const [i, { key }] of run.ends.entries()) out[key] = argmax(row(logits, i))
  }
  return out
}

async function keptAnswers(name: string, work: () => Promise<Int32Array>): Promise<Int32Array> {
  const path = join(given.work as string, `${name}.json`)
  const found = await readFile(path, 'utf8').catch(() => null)
  if (found) return Int32Array.from(JSON.parse(found))
  const made = await work()
  await writeFile(path, JSON.stringify([...made]))
  console.error(name)
  return made
}

/** Coalitions drawn at random, all members different. */
function coalitionsOf(trials: number): number[][] {
  const random = seededRandom(new Uint8Array(16).fill(23))
  return Array.from({ length: trials }, () => {
    const members = new Set<number>()
    while (members.size < size) members.add(Math.floor(random() * minted))
    return [...members]
  })
}

function judged(how: string, coalitions: readonly { members: number[]; answers: Int32Array }[]) {
  const tried = coalitions.map(({ members, answers }) => ({ members, votes: votesOf(answers, keys.pairs) }))
  const { trials, any, all, mean, least, innocents } = namedColluders(channel, table, tried)
  const upper = (hits: number) => clopperPearsonUpper(hits, trials, 0.025)
  const interval = `${formatPercent(1 - upper(trials - any))} to ${formatPercent(upper(any))}`
  return [
    ...[how, trials, formatPercent(any / trials), interval, formatPercent(all / trials)],
    ...[mean.toFixed(1), least, innocents],
  ]
}
