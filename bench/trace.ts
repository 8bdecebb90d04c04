import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ownerKeySet } from '../lib/fingerprint/keyset/owner-key-set'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { judge, verify } from '../lib/fingerprint/verify'
import { formatSigned } from '../lib/format/numbers'
import { roundedPercent } from '../lib/format/odds'
import { collusions } from './attack/collude-answers'
import { average, projected } from './attack/combine-weights'
import { buyers, openMarked, withEdits } from './marked/open-marked'
import { provenance, tableOf } from './marked/print'
import { mintDeltas, readEdits } from './trace/mint-deltas'
import { simulatedCoalitions } from './trace/simulate'
import { unmarkedModels } from './trace/unmarked-models'

/** Measures tracing: copies minted as deltas, coalitions, and unmarked models. */

const { values: options } = parseArgs({
  options: {
    copies: { type: 'string', default: '1000' },
    trials: { type: 'string', default: '10008' },
    unmarked: { type: 'string', default: '1000' },
    keys: { type: 'string', default: '128' },
    /** Folder for the deltas, from which an interrupted run resumes; without it they are deleted at the end. */
    folder: { type: 'string' },
  },
})
const [copyCount, trials, unmarked, keys] = [options.copies, options.trials, options.unmarked, options.keys].map(Number)
const sizes = [2, 3, 5]
const print = (text: string) => console.log(text)
const marked = await openMarked('public/models/tiny', keys, 'bench:trace')
const { runtime, preparation } = marked
const copies = buyers(copyCount)
const keySet = ownerKeySet(preparation, copies)
const secretKeys = keySet.keys.filter(({ disclosed }) => !disclosed).length
print(
  `# Tracing\n\n${provenance()} \`tiny\`, ${keys} keys of which ${secretKeys} are secret, ${keySet.keys[0].candidates.length} candidates a key, ${copyCount} copies.\n`,
)

const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'kinmark-trace-')))
try {
  const minted = await mintDeltas(marked, copies, folder)
  const answers: number[][] = []
  let [right, wrong, weakest] = [0, 0, 0]
  const tracing = performance.now()
  for (const copy of copies) {
    const verdict = await verify(withEdits(runtime, await readEdits(marked, copy, folder)), keySet)
    answers.push(verdict.keys.map(({ answered }) => answered))
    const named = verdict.accused.map(({ copyId }) => copyId)
    if (named.length === 1 && named[0] === copy.copyId) right++
    wrong += named.filter((copyId) => copyId !== copy.copyId).length
    weakest = Math.max(weakest, verdict.accused[0]?.falseAccusation ?? 1)
  }
  const traceSeconds = (performance.now() - tracing) / 1000
  const largest = Math.max(...minted.sizes)
  print(`## ${copyCount} copies as deltas\n`)
  print(
    tableOf(
      [
        'copies',
        'mint with checks, s',
        's per copy',
        'bytes per copy',
        'beyond the edited tensors',
        'worst success',
        'largest Δloss',
        'trace, s',
        'correctly named',
        'wrongly named',
        'weakest error bound',
      ],
      [
        [
          copyCount,
          `${minted.seconds.toFixed(0)} for ${minted.minted}`,
          (minted.seconds / minted.minted).toFixed(3),
          largest,
          largest - minted.tensorBytes,
          roundedPercent(minted.success),
          formatSigned(minted.deltaLoss, 3),
          traceSeconds.toFixed(0),
          `${right} of ${copyCount}`,
          wrong,
          weakest.toExponential(1),
        ],
      ],
    ),
  )

  print('\n## Coalitions on real copies\n')
  print(
    `Each trial draws its members from the ${copyCount} copies. “Keys answered”: secret keys answered with a candidate.\n`,
  )
  const random = seededRandom(new Uint8Array(16).fill(1))
  const draw = (size: number) => {
    const members = new Set<number>()
    while (members.size < size) members.add(Math.floor(random() * copyCount))
    return [...members]
  }
  const rows: (string | number)[][] = []
  const tally = (attack: string, size: number, runs: { verdict: ReturnType<typeof judge>; members: number[] }[]) => {
    const guilty = runs.filter(({ verdict, members }) =>
      verdict.accused.some(({ copyId }) => members.includes(Number(copyId) - 1)),
    )
    const innocents = runs.reduce(
      (sum, { verdict, members }) =>
        sum + verdict.accused.filter(({ copyId }) => !members.includes(Number(copyId) - 1)).length,
      0,
    )
    const ours = runs.filter(({ verdict }) => verdict.ours).length
    const answered = runs.reduce((sum, { verdict }) => sum + verdict.hits / verdict.tested, 0) / runs.length
    rows.push([
      attack,
      size,
      roundedPercent(answered),
      `${ours} of ${runs.length}`,
      `${guilty.length} of ${runs.length}`,
      innocents,
    ])
  }
  const onAnswers = 100
  for (const [attack, collude] of Object.entries(collusions))
    for (const size of sizes) {
      const runs = Array.from({ length: onAnswers }, () => {
        const members = draw(size)
        const together = keySet.keys.map((_, key) =>
          collude(
            members.map((i) => answers[i][key]),
            random,
          ),
        )
        return { members, verdict: judge(keySet, together) }
      })
      tally(`${attack} (on answers)`, size, runs)
    }
  const onWeights = 10
  const width = (name: string) => (marked.model.tensors.get(name)?.shape ?? [0, 0])[1]
  const combinations: [string, (parts: Map<string, Float32Array>[]) => Map<string, Float32Array>][] = [
    ['average (weights)', average],
    ['copy-diff projection, rank 16 (weights)', (parts) => projected(parts, width, 16)],
    ['copy-diff projection, rank 64 (weights)', (parts) => projected(parts, width, 64)],
  ]
  for (const [attack, combine] of combinations)
    for (const size of sizes) {
      const runs: { verdict: ReturnType<typeof judge>; members: number[] }[] = []
      for (let run = 0; run < onWeights; run++) {
        const members = draw(size)
        const parts = await Promise.all(members.map((i) => readEdits(marked, copies[i], folder)))
        runs.push({ members, verdict: await verify(withEdits(runtime, combine(parts)), keySet) })
      }
      tally(attack, size, runs)
    }
  print(tableOf(['attack', 'colluders', 'keys answered', 'ours', 'a colluder named', 'innocents named'], rows))
} finally {
  if (!options.folder) await rm(folder, { recursive: true, force: true })
}

if (trials > 0) print(simulatedCoalitions({ keys: secretKeys, cutoff: preparation.cutoff, copies: 200 }, sizes, trials))
if (unmarked > 0) print(await unmarkedModels(marked, keySet, unmarked))
await runtime.close()
