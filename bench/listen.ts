import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { chernoffNats } from '../lib/fingerprint/evidence/chernoff'
import { bitTable, copyScores } from '../lib/fingerprint/evidence/copy-scores'
import { foldedHead } from '../lib/fingerprint/head/head'
import { tokensOf } from '../lib/fingerprint/keys/batch'
import { secondMoments } from '../lib/fingerprint/keys/moments'
import { sampleText } from '../lib/fingerprint/keys/sample'
import type { Square } from '../lib/fingerprint/linear/square'
import { bitSlopes, explainingBits } from '../lib/fingerprint/near-ties/bit-evidence'
import { copyBits } from '../lib/fingerprint/near-ties/copy-bits'
import { ridgeSolver } from '../lib/fingerprint/near-ties/embed-ties'
import { refit } from '../lib/fingerprint/near-ties/refit'
import { addTexts, noEvidence, type Transcript } from '../lib/fingerprint/near-ties/text-evidence'
import { textReferences } from '../lib/fingerprint/near-ties/text-reference'
import { folderFiles } from '../lib/inference/node/folder'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import type { Matrix, Runtime, TokenBatch } from '../lib/inference/runtime'
import type { WeightDtype } from '../lib/weights/dtype/dtype'
import { inspectModel } from '../lib/weights/inspect-model'
import { layerMatrices } from '../lib/weights/layer-matrices'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { withLogprobs } from '../test/shown-logprobs'
import { coalitions } from './attack/coalitions'
import { average } from './attack/combine-weights'
import { nearTies } from './attack/methods'
import type { AttackRow } from './attack/rows'
import { sampleAt } from './attack/sample-at'
import { spanCut } from './attack/span-cut'
import { transforms } from './attack/transforms'
import { onEach, type Weights } from './attack/weights'
import { keepSessions } from './marked/keep-sessions'
import { buyers, withEdits } from './marked/open-marked'
import { provenance, tableOf } from './marked/print'

/** How much ordinary text tells whose copy wrote it, by the exact bound: nats of evidence against writers and innocents. */

const { values: given } = parseArgs({
  options: {
    folder: { type: 'string', default: 'public/models/tiny' },
    /** A fine-tune of the unmarked base; “none” where there is none. */
    child: { type: 'string', default: 'public/models/tiny-shakespeare' },
    /** Lets the listener know the child, as one that everybody can load. */
    'fine-tune': { type: 'boolean', default: false },
    /** A text by people. */
    held: { type: 'string' },
    /** Number of keys; by default as many as the model's width asks for. */
    keys: { type: 'string' },
    margin: { type: 'string', default: '2' },
    floor: { type: 'string', default: '1' },
    layers: { type: 'string' },
    /** File that the preparation is kept in, for the next run with the same options. */
    kept: { type: 'string' },
    harm: { type: 'string' },
    books: { type: 'string', default: '10000' },
    rows: { type: 'string', default: '128' },
    /** A file that bench:attacks kept. Its attacks by up to `copies` copies that cost at most `price` replace the usual sources. */
    attacks: { type: 'string' },
    price: { type: 'string', default: '0.05' },
    copies: { type: 'string', default: '2' },
    threads: { type: 'string', default: '1' },
    length: { type: 'string', default: '64' },
    /** Only sources that this regular expression finds. */
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
})
/** Log probabilities that a source shows: the token's own, or those of the likeliest, 20 as in OpenAI's chats. */
const shownCounts = [
  ['by own log probabilities', 0],
  ['by 20 log probabilities', 20],
] as const
const books = Number(given.books)
/** Nats that name one copy of all on the books at a chance of 1e-9 that anybody is named wrongly. */
const enough = Math.log(books / 1e-9)
const files = await folderFiles(given.folder)
const model = await inspectModel(files)
const threads = Number(given.threads)
const matrices = layerMatrices(model.tensors)
const runtime = await keepSessions(() => openNodeRuntime(given.folder, { editable: matrices, threads }))
const { downProj } = runtime.shape
const dtype = model.tensors.get(downProj[0])?.dtype as WeightDtype
const { preparation, copies } = await nearTies(
  { runtime, dtype },
  {
    ...{
      keys: given.keys ? Number(given.keys) : undefined,
      margin: Number(given.margin),
      floor: Number(given.floor),
      copies: 5,
      books: 5,
    },
    layers: given.layers?.split(',').map(Number),
    ...{ kept: given.kept, mostHarm: given.harm === undefined ? undefined : Number(given.harm) },
  },
)
const head = await foldedHead(runtime)
const bits = { solve: await ridgeSolver(runtime, preparation.kernel), margins: preparation.margins }
const owners = buyers(books)
const keys = preparation.keys.gaps.length
const table = bitTable(
  owners.map(({ copyId, buyerSeed }) => copyBits(preparation.secret, copyId, buyerSeed, keys)),
  keys,
)
const traffic = await sampleText(runtime, new Uint8Array(32).fill(21), 'text', 256, 64)
const later = downProj.slice(1)
const moments = new Map(
  (
    await secondMoments(
      runtime,
      traffic,
      downProj.map((_, layer) => layer),
    )
  ).map((moment, layer) => [downProj[layer], moment]),
)
const refitted = (weights: Weights, strength: number) =>
  onEach(runtime, weights, later, (w, name) => refit(runtime.matmul, w, moments.get(name) as Square, strength))
const cut = (members: readonly Weights[], rank: number) =>
  onEach(runtime, members[0], [...members[0].keys()], (w, name) =>
    spanCut(
      runtime.matmul,
      members.map((copy) => ({ ...w, data: copy.get(name) ?? w.data })),
      rank,
    ),
  )
const rows: Record<string, string | number>[] = []
const [first] = copies

const child = given.child === 'none' ? null : await openNodeRuntime(given.child, { editable: matrices, threads })
const fineTunes = child && given['fine-tune'] ? [{ tensor: child.tensor, matrices }] : []
if (given.attacks) await attacked(given.attacks)
else await usual()
await child?.close()
await runtime.close()
console.log(`${provenance()} ${keys} keys, ${Number(given.rows) * Number(given.length)} tokens from each source.\n`)
console.log(
  tableOf(
    Object.keys(rows[0]),
    rows.map((row) => Object.values(row)),
  ),
)

function written(suspect: Runtime, how: { temperature?: number; topP?: number } = {}): Promise<TokenBatch> {
  return sampleAt(suspect, { rows: Number(given.rows), length: Number(given.length), temperature: 1, seed: 31, ...how })
}

async function source(
  name: string,
  members: number[],
  weights: Weights,
  how?: Parameters<typeof written>[1],
  shown?: Shown,
) {
  if (!new RegExp(given.only).test(name)) return
  const suspect = withEdits(runtime, weights)
  await measured(name, members, suspect, await written(suspect, how), shown)
}

/** `temperature`: that of the log probabilities that are shown. `unseen`: tokens at the beginning that the listener does not know. */
type Shown = { temperature?: number; unseen?: number }

/** Evidence by what was written, and by the log probabilities that the `writer` shows for it; people show none. */
async function measured(
  name: string,
  members: number[],
  writer: Runtime | null,
  text: TokenBatch,
  { temperature = 1, unseen = 0 }: Shown = {},
): Promise<void> {
  if (!new RegExp(given.only).test(name)) return
  const whole = Array.from({ length: text.rows }, (_, i) => ({ ids: tokensOf(text, i), from: 1 + unseen }))
  const heard = ({ ids, from, ...more }: Transcript): Transcript => {
    return { ids: [ids[0], ...Array.from(ids).slice(from)], from: 1, ...more }
  }
  const texts = whole.map(heard)
  const { writing, edits } = await textReferences(runtime, preparation, { fineTunes })(texts)
  const tokens = text.rows * (text.length - 1 - unseen)
  let [seconds, innocent] = [0, 0]
  const evidence = async (shown: readonly Transcript[]) => {
    const sum = noEvidence(keys)
    await addTexts(sum, runtime, head, { ...preparation, writing }, shown, { edits })
    const g = sum.shown ? await explainingBits(runtime.matmul, bits, sum.shown) : await bitSlopes(bits, sum.slopes)
    const started = performance.now()
    const nats = copyScores(table, g).map(chernoffNats(g))
    seconds = (performance.now() - started) / 1000
    innocent = Math.max(
      innocent,
      nats.reduce((most, x, copy) => (members.includes(copy) ? most : Math.max(most, x)), 0),
    )
    return members.map((copy) => nats[copy])
  }
  const needed = (nats: number) => (nats > 0 && nats < Infinity ? Math.round((tokens * enough) / nats) : '–')
  const columns = (kind: string, nats: number[]) => ({
    [`nats ${kind}`]: nats.map((x) => x.toFixed(1)).join(', ') || '–',
    [`tokens ${kind}, one`]: needed(Math.max(...nats)),
    [`tokens ${kind}, all`]: needed(Math.min(...nats)),
  })
  let row: Record<string, string | number> = { source: name, ...columns('by text', await evidence(texts)) }
  for (const [kind, count] of shownCounts)
    if (writer) {
      const shown = await withLogprobs(writer, runtime, head, whole, count, temperature)
      row = { ...row, ...columns(kind, await evidence(shown.map(heard))) }
    }
  rows.push({ ...row, 'most against an innocent': innocent.toFixed(1), 'seconds for all copies': seconds.toFixed(2) })
  console.error(Object.values(rows[rows.length - 1]).join(' | '))
  if (given.json) await writeFile(given.json, JSON.stringify(rows, null, 2))
}

async function usual(): Promise<void> {
  await source('the base, unmarked', [], new Map())
  await source('the copy, temperature 1', [0], first)
  await source('the copy, temperature 0.7', [0], first, { temperature: 0.7 })
  await source('the copy, top-p 0.9', [0], first, { topP: 0.9 })
  const cold = { temperature: 0.7 }
  await source('the copy, temperature 0.7, shown as the temperature has it', [0], first, cold, cold)
  await source('the copy, behind 16 tokens that the listener does not know', [0], first, {}, { unseen: 16 })
  for (const strength of [1, 3, 4]) await source(`refit ${strength}`, [0], await refitted(first, strength))
  await source('2 averaged', [0, 1], average(copies.slice(0, 2)))
  await source('2 averaged, refit 2', [0, 1], await refitted(average(copies.slice(0, 2)), 2))
  await source('2, span of differences cut, rank 128', [0, 1], await cut(copies.slice(0, 2), 128))
  await source('5 averaged', [0, 1, 2, 3, 4], average(copies))
  await source('5 averaged, refit 2', [0, 1, 2, 3, 4], await refitted(average(copies), 2))
  if (child) {
    const half = (w: Matrix, other: Matrix) => ({ ...w, data: w.data.map((x, i) => (x + other.data[i]) / 2) })
    const merged = await onEach(runtime, first, matrices, async (w, name) => half(w, await child.tensor(name)))
    await source('merged with a clean child, 50 %', [0], merged)
    const spliced = await onEach(runtime, first, later, (_, name) => child.tensor(name))
    await source('a clean child’s down_proj, layers 1 and later', [0], spliced)
    await measured('a fine-tune of the base, unmarked', [], child, await written(child))
  }
  const tokenizer = await openTokenizer(files)
  if (given.held && tokenizer) {
    const ids = tokenizer.encode(await readFile(given.held, 'latin1'))
    const [rows, length] = [Number(given.rows), Number(given.length) + 1]
    await measured('people', [], null, { ids: Int32Array.from(ids.slice(0, rows * length)), rows, length })
  }
}

/** The attacks that cost at most `price`, on up to `copies` copies, from the file that bench:attacks keeps its rows in; pairs in one order. */
async function attacked(path: string): Promise<void> {
  const kept: { rows: AttackRow[] } = JSON.parse(await readFile(path, 'utf8'))
  const changes = new Map(
    transforms({ runtime, child, moments, downProj, matrices }).map(({ name, run }) => [name, run]),
  )
  const seen = new Set<string>()
  const joins = new Map(coalitions(runtime).map(({ name, run }) => [name, run]))
  for (const { method, attack, copies: size, price } of kept.rows) {
    if (method !== 'near ties' || price === null || price > Number(given.price) || size > Number(given.copies)) continue
    const members = Array.from({ length: size }, (_, i) => i)
    const [start, ...more] = size > 1 ? attack.split('; ') : ['', ...attack.split('; ')]
    const steps = more.map((name) => changes.get(name))
    // Tuning and unlearning are no transforms.
    if (attack === 'none' || steps.some((step) => !step)) continue
    const parts = [size, ...attack.split('; ').sort()].join('; ')
    if (!new RegExp(given.only).test(attack) || seen.has(parts)) continue
    seen.add(parts)
    let weights: Weights = size > 1 ? await joins.get(start)!(copies.slice(0, size)) : first
    for (const step of steps) weights = await step!(weights)
    await source(`${size > 1 ? `${size}: ` : ''}${attack}`, members, weights)
  }
}
