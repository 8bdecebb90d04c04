import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { messageOf } from '../lib/error'
import { ownerKeySet } from '../lib/fingerprint/keyset/owner-key-set'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { formatSigned } from '../lib/format/numbers'
import { roundedPercent } from '../lib/format/odds'
import { folderFiles } from '../lib/inference/node/folder'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { greedy } from './attack/answering'
import { collusions } from './attack/collude-answers'
import { average, projected } from './attack/combine-weights'
import { exampleOf } from './attack/example'
import { type MarkedCopy, markedCopy, together } from './attack/marked-copy'
import { hostAttacks } from './attack/on-answers'
import { priceOf, weightAttacks } from './attack/on-weights'
import { lowUpTo, type Outcome, outcomeOf, outcomeOfAnswers } from './attack/outcome'
import { buyers, layerMatrices, openMarked, withEdits } from './marked/open-marked'
import { provenance, tableOf } from './marked/print'

/** Measures which fingerprints of a copy survive every known attack. */

const { values: options } = parseArgs({
  options: {
    keys: { type: 'string', default: '128' },
    copies: { type: 'string', default: '3' },
    /** Folder of tune.py and its modules, and the text to tune on. */
    reference: { type: 'string' },
    text: { type: 'string' },
    python: { type: 'string', default: '/usr/bin/python3' },
    out: { type: 'string', default: 'docs/attacks' },
  },
})
const others = 200
const coalitionSizes = [2, 3, 5]

const folder = 'public/models/tiny'
const marked = await openMarked(folder, Number(options.keys), 'bench:attacks')
const { runtime, preparation, model } = marked
const matrices = layerMatrices(model)
const child = await openNodeRuntime('public/models/tiny-shakespeare', { editable: matrices, threads: 1 })
const tokenizer = await openTokenizer(await folderFiles(folder))
if (!tokenizer) throw new Error(`“${folder}” has no tokenizer.`)
const reference =
  options.reference && options.text
    ? { python: options.python, folder: resolve(options.reference), text: resolve(options.text) }
    : null
const owners = buyers(others)
const keySet = ownerKeySet(preparation, owners)
const random = seededRandom(new Uint8Array(16).fill(7))
const copies: MarkedCopy[] = []
for (const owner of owners.slice(0, Math.max(Number(options.copies), ...coalitionSizes)))
  copies.push(await markedCopy(marked, owner))
const attacked = copies.slice(0, Number(options.copies))

type Row = {
  kind: 'answers' | 'weights' | 'coalition'
  attack: string
  kept: number
  low: number | null
  high: number | null
  ours: number
  named: number
  innocents: number
  runs: number
  /** Loss in nats per token that the attack itself causes, where weights are changed. */
  price: number | null
}
const rows: Row[] = []
const mean = (values: number[]) => {
  const known = values.filter(Number.isFinite)
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length
}
function record(kind: Row['kind'], attack: string, outcomes: Outcome[], prices: number[] = []): void {
  rows.push({
    ...{ kind, attack, runs: outcomes.length, price: mean(prices) },
    ...{ kept: mean(outcomes.map(({ kept }) => kept)) ?? 0, low: mean(outcomes.map(({ low }) => low)) },
    high: mean(outcomes.map(({ high }) => high)),
    ours: outcomes.filter(({ ours }) => ours).length,
    named: outcomes.filter(({ named }) => named).length,
    innocents: outcomes.reduce((sum, { innocents }) => sum + innocents, 0),
  })
  console.error(`${attack}: ${roundedPercent(rows[rows.length - 1].kept)} kept`)
}

const { keys } = preparation
for (const [attack, host] of hostAttacks(tokenizer)) {
  const outcomes: Outcome[] = []
  for (const { edits, baseline } of attacked)
    outcomes.push(await outcomeOf(withEdits(runtime, edits), host, { keySet, keys, baseline, random }))
  record('answers', attack, outcomes)
}

for (const { name, run } of weightAttacks({ marked, child, matrices, reference })) {
  const [outcomes, prices]: [Outcome[], number[]] = [[], []]
  for (const copy of attacked) {
    try {
      const { suspect, close } = await run(copy, random)
      outcomes.push(await outcomeOf(suspect, greedy, { keySet, keys, baseline: copy.baseline, random }))
      prices.push(await priceOf(suspect, marked, copy))
      await close()
    } catch (error) {
      console.error(`${name}: ${messageOf(error)}`)
    }
  }
  if (outcomes.length > 0) record('weights', name, outcomes, prices)
}

const widthOf = (name: string) => (model.tensors.get(name)?.shape ?? [0, 0])[1]
const answers = await Promise.all(copies.map(({ edits }) => greedy(withEdits(runtime, edits), keys, random)))
const coalitionsOf = (size: number) =>
  copies.map((_, first) => Array.from({ length: size }, (_, i) => (first + i) % copies.length))
for (const size of coalitionSizes) {
  for (const [name, combine] of [
    ['weights averaged', average],
    ['copy-diff projection, rank 16', (parts: Map<string, Float32Array>[]) => projected(parts, widthOf, 16)],
    ['copy-diff projection, rank 64', (parts: Map<string, Float32Array>[]) => projected(parts, widthOf, 64)],
  ] as const) {
    const [outcomes, prices]: [Outcome[], number[]] = [[], []]
    for (const members of coalitionsOf(size)) {
      const parts = members.map((i) => new Map(copies[i].edits))
      const suspect = withEdits(runtime, combine(parts))
      const baseline = together(members.map((i) => copies[i]))
      outcomes.push(await outcomeOf(suspect, greedy, { keySet, keys, baseline, random }))
      prices.push(await priceOf(suspect, marked, copies[members[0]]))
    }
    record('coalition', `${size} copies: ${name}`, outcomes, prices)
  }
  for (const [name, collude] of Object.entries(collusions)) {
    const outcomes = coalitionsOf(size).map((members) => {
      const joint = keySet.keys.map((_, key) =>
        collude(
          members.map((i) => answers[i][key]),
          random,
        ),
      )
      return outcomeOfAnswers(joint, keySet, together(members.map((i) => copies[i])))
    })
    record('coalition', `${size} copies: ${name}`, outcomes)
  }
}
const example = await exampleOf(marked, keySet, tokenizer, copies)
await child.close()
await runtime.close()

const secretKeys = keySet.keys.filter(({ disclosed }) => !disclosed).length
const lowKeys = attacked.map(({ baseline }) => baseline.chances.filter((p) => p <= lowUpTo).length)
const about = `${provenance()} Model: \`tiny\` (${model.parameters.toLocaleString('en')} parameters), ${keys.rows} keys of which ${secretKeys} are secret and count, ${keySet.keys[0].candidates.length} candidate responses a key, layers ${preparation.layers.join(', ')}, target probabilities ${preparation.targetProbabilities.high} for high confidence keys and ${preparation.targetProbabilities.low} for low confidence ones; ${others} copies known to the owner, ${attacked.length} attacked, coalitions out of ${copies.length}. Before any attack a copy loses ${attacked.map(({ deltaLoss }) => formatSigned(deltaLoss, 3)).join(', ')} nats per token, and answers ${lowKeys.join(', ')} of its ${keys.rows} keys with low confidence (with a probability of at most ${lowUpTo}).`
const share = (part: number | null) => (part === null ? '–' : roundedPercent(part))
const titles = { answers: 'A host that changes its answers', weights: 'Changed weights', coalition: 'Coalitions' }
const sections = (['answers', 'weights', 'coalition'] as const).map((kind) => {
  const table = tableOf(
    ['attack', 'keys kept', 'low', 'high', 'price, nats', '“ours”', 'copy named', 'innocents named'],
    rows
      .filter((row) => row.kind === kind)
      .map(({ attack, kept, low, high, price, ours, named, innocents, runs }) => [
        ...[attack, roundedPercent(kept), share(low), share(high), price === null ? '–' : formatSigned(price, 3)],
        ...[`${ours} of ${runs}`, `${named} of ${runs}`, innocents],
      ]),
  )
  return `## ${titles[kind]}\n\n${table}\n`
})
const tuning = reference
  ? ''
  : '\nFine-tuning with gradients was not run: it needs Python with PyTorch, and `--reference` with the folder of `tune.py`.\n'
/** Known attacks that this bench does not run. */
const notMeasured =
  '**Not in these tables, and stronger** (found on 27 November 2026): a refit of `down_proj` to ordinary text keeps 1 to 16 % of the keys at no cost; two buyers who remove the span of the difference of their copies keep none; a host that compares the copy with its own refit keeps 2 to 5 %. None of them is named. See [method.md](method.md).'
const text = `# Attacks and what survives them\n\nMade by \`npm run bench:attacks\`. ${about}\n\n“Keys kept”: share of the secret keys still answered with the response of the copy (or of any copy in the coalition). “Price”: the loss that the attack itself causes, on text from the model. “Ours” and named copies at a false-positive rate of 1e-9.\n${tuning}\n${notMeasured}\n\n${sections.join('\n')}`
await writeFile(`${options.out}.md`, text)
await writeFile(`${options.out}.json`, `${JSON.stringify({ about, secretKeys, rows, example }, null, 2)}\n`)
console.log(text)
