import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { batchOf } from '../lib/fingerprint/keys/batch'
import { secondMoments } from '../lib/fingerprint/keys/moments'
import { sampleText } from '../lib/fingerprint/keys/sample'
import { refit } from '../lib/fingerprint/near-ties/refit'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { formatSigned } from '../lib/format/numbers'
import { folderFiles } from '../lib/inference/node/folder'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import type { WeightDtype } from '../lib/weights/dtype/dtype'
import { inspectModel } from '../lib/weights/inspect-model'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { greedy, type Host } from './attack/answering'
import { coalitions } from './attack/coalitions'
import { collusions } from './attack/collude-answers'
import { exampleOf } from './attack/example'
import { besideOther, divergences, leastLikely, meanOf, tiesByLot, trimmed } from './attack/hosts'
import { type Method, nearTies } from './attack/methods'
import { hostAttacks } from './attack/on-answers'
import { type Loss, lossOn } from './attack/price'
import { type AttackRow, keptRows } from './attack/rows'
import { transforms } from './attack/transforms'
import { tuned } from './attack/tuned'
import { erased, unlearned } from './attack/unlearn'
import { onEach, type Weights } from './attack/weights'
import { keepSessions } from './marked/keep-sessions'
import { layerMatrices, withEdits } from './marked/open-marked'
import { provenance, tableOf } from './marked/print'

/** The fingerprints of a copy under what a clever buyer can do: what each attack costs, and what evidence it leaves. */

const { values: given } = parseArgs({
  options: {
    folder: { type: 'string', default: 'public/models/tiny' },
    /** A fine-tune of the unmarked base. */
    child: { type: 'string', default: 'public/models/tiny-shakespeare' },
    /** Held-out text to price attacks by; the model's own otherwise. */
    held: { type: 'string' },
    keys: { type: 'string', default: '1024' },
    margin: { type: 'string', default: '2' },
    floor: { type: 'string', default: '1' },
    layers: { type: 'string' },
    /** File that the preparation is kept in, for the next run with the same options. */
    kept: { type: 'string' },
    harm: { type: 'string', default: '0.045' },
    /** Copies on the books. */
    books: { type: 'string', default: '10000' },
    /** Folder of tune.py and its modules, and texts to tune on, with commas between. */
    reference: { type: 'string' },
    text: { type: 'string' },
    python: { type: 'string', default: '/usr/bin/python3' },
    /** Only near ties, fewer coalitions and pairs: within ten minutes. */
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** File for the rows and an example, for the page /method. */
    docs: { type: 'string' },
    out: { type: 'string', default: join(tmpdir(), 'kinmark-attacks.json') },
  },
})
const cheap = 0.05
const most = given.quick ? 3 : 5
const files = await folderFiles(given.folder)
const model = await inspectModel(files)
const runtime = await keepSessions(() => openNodeRuntime(given.folder, { editable: layerMatrices(model), threads: 1 }))
const child = given.child ? await openNodeRuntime(given.child, { editable: layerMatrices(model), threads: 1 }) : null
const tokenizer = await openTokenizer(files)
const { downProj } = runtime.shape
const dtype = model.tensors.get(downProj[0])?.dtype as WeightDtype
const numbers = { keys: Number(given.keys), margin: Number(given.margin), floor: Number(given.floor) }
const layers = given.layers?.split(',').map(Number)

const held = await heldOut()
const loss = lossOn(held)
const base = await loss(runtime)
const traffic = await sampleText(runtime, new Uint8Array(32).fill(21), 'text', 256, 64)
const every = downProj.map((_, layer) => layer)
const moments = new Map((await secondMoments(runtime, traffic, every)).map((moment, i) => [downProj[i], moment]))
const store = await keptRows(given.out, JSON.stringify({ ...given, json: undefined }))

const ties = await nearTies(
  { runtime, dtype },
  { ...numbers, layers, copies: most, books: Number(given.books), kept: given.kept, mostHarm: Number(given.harm) },
)
console.error(`prepared: ${JSON.stringify(ties.preparation.pilot)}, margin ${ties.preparation.margins[0]}`)
const methods: Method[] = [ties]

for (const method of methods) await attack(method)
if (given.json) console.log(JSON.stringify({ ...numbers, base, rows: store.rows }, null, 2))
else report()
if (given.docs) await writeFile(given.docs, `${JSON.stringify(await forDocs(), null, 2)}\n`)
await child?.close()
await runtime.close()

async function attack(method: Method): Promise<void> {
  const [first] = method.copies
  const own = await loss(withEdits(runtime, first))
  const changes = transforms({ runtime, child, moments, downProj, matrices: layerMatrices(model) })
  const measure = (kind: AttackRow['kind'], name: string, members: number[], make: () => Promise<Weights>) =>
    store.row({ method: method.name, kind, attack: name, copies: members.length }, async () => {
      const suspect = withEdits(runtime, await make())
      const judged = await method.judge(suspect, greedy, members)
      return say({
        method: method.name,
        kind,
        attack: name,
        copies: members.length,
        ...prices(await loss(suspect), own),
        ...judged,
      })
    })

  const singles = [await measure('single', 'none', [0], async () => first)]
  for (const { name, run } of changes) singles.push(await measure('single', name, [0], () => run(first)))
  if (method === ties) {
    const { preparation } = ties
    const [, second] = method.copies
    const eraser = changes.find(({ name }) => name === 'refit 3, layers 1 and later')!
    for (const [name, make] of [
      ['every tenth key unlearned', () => unlearned(runtime, preparation, first, first)],
      ['every tenth key unlearned, from another copy', () => unlearned(runtime, preparation, second, first)],
      ['what a refit of 3 changed in another copy', async () => erased(second, await eraser.run(second), first)],
    ] as const)
      await measure('single', name, [0], make)
  }
  const affordable = singles
    .filter(({ attack, price, named }) => attack !== 'none' && price !== null && price <= cheap && named > 0)
    .sort((a, b) => (a.nats ?? a.match) - (b.nats ?? b.match))
    .slice(0, given.quick ? 3 : method === ties ? 6 : 2)
    .flatMap((row) => changes.filter(({ name }) => name === row.attack))
  for (const one of affordable)
    for (const two of affordable)
      if (one !== two) await measure('pair', `${one.name}; ${two.name}`, [0], async () => two.run(await one.run(first)))

  for (const text of given.reference && given.text ? given.text.split(',') : [])
    for (const rate of [1e-5, 1e-4, 5e-4]) {
      const attack = `100 steps of AdamW at ${rate} on ${basename(text)}`
      await store.row({ method: method.name, kind: 'single', attack, copies: 1 }, () =>
        tuned(
          { folder: given.folder, model, dtype },
          first,
          { python: given.python, folder: resolve(given.reference ?? ''), text: resolve(text) },
          rate,
          async (suspect) =>
            say({
              ...{ method: method.name, kind: 'single', attack, copies: 1 },
              ...prices(await loss(suspect), own),
              ...(await method.judge(suspect, greedy, [0])),
            }),
        ),
      )
    }

  for (const size of given.quick ? [2, 3] : [2, 3, 5]) {
    const members = Array.from({ length: size }, (_, i) => i)
    const copies = method.copies.slice(0, size)
    for (const { name, run } of coalitions(runtime)) {
      const joined = await measure('coalition', name, members, () => run(copies))
      if ((joined.price ?? 0) > cheap) continue
      for (const one of affordable)
        await measure('coalition and one more', `${name}; ${one.name}`, members, async () => one.run(await run(copies)))
    }
    await hosts(method, members, [
      ['least-log-p over the copies', leastLikely(copies.map((copy) => withEdits(runtime, copy)))],
      ['mean distribution', meanOf(copies.map((copy) => withEdits(runtime, copy)))],
    ])
    await votesOf(method, members)
  }
  const other = withEdits(
    runtime,
    await onEach(runtime, first, downProj.slice(1), (w, name) => refit(runtime.matmul, w, moments.get(name)!, 1)),
  )
  const ordinary = await sampleText(runtime, new Uint8Array(32).fill(22), 'held-out', 600, 16)
  const apart = (await divergences(withEdits(runtime, first), other, ordinary)).sort().reverse()
  const limits = [0.01, 0.05, 0.2].map((share): [number, number] => [share, apart[Math.floor(share * apart.length)]])
  await hosts(
    method,
    [0],
    [
      ...(tokenizer && !given.quick ? hostAttacks(tokenizer) : []),
      ['last 8 tokens only', trimmed(8)],
      ['last 10 tokens only', trimmed(10)],
      ['either of two within 0.5 nats', tiesByLot(0.5)],
      ['either of two within 1 nat', tiesByLot(1)],
      ...limits.map(([share, limit]): [string, Host] => [
        `beside a refit of 1, its answer at ${100 * share} % of prompts`,
        besideOther(other, limit),
      ]),
    ],
  )
  const onKeys = await Promise.all(method.prompts.map((batch) => divergences(withEdits(runtime, first), other, batch)))
  const all = onKeys.flatMap((part) => [...part])
  for (const [share, limit] of limits)
    console.error(
      `${method.name}: keys flagged beside a refit at ${100 * share} % of ordinary prompts: ${((100 * all.filter((x) => x > limit).length) / all.length).toFixed(1)} %`,
    )
}

async function hosts(method: Method, members: number[], list: readonly (readonly [string, Host])[]): Promise<void> {
  const suspect = withEdits(runtime, method.copies[0])
  for (const [name, host] of list)
    await store.row({ method: method.name, kind: 'host', attack: name, copies: members.length }, async () =>
      say({
        ...{ method: method.name, kind: 'host', attack: name, copies: members.length },
        ...{ price: null, rarePrice: null, harm: null },
        ...(await method.judge(suspect, host, members)),
      }),
    )
}

/** Coalitions that agree on answers. */
async function votesOf(method: Method, members: number[]): Promise<void> {
  const random = seededRandom(new Uint8Array(16).fill(5))
  const answers: number[][] = []
  for (const i of members) {
    const parts: number[] = []
    for (const batch of method.prompts)
      parts.push(...(await greedy(withEdits(runtime, method.copies[i]), batch, random)))
    answers.push(parts)
  }
  for (const [name, collude] of Object.entries(collusions)) {
    const joint = answers[0].map((_, key) =>
      collude(
        answers.map((each) => each[key]),
        random,
      ),
    )
    await store.row({ method: method.name, kind: 'host', attack: name, copies: members.length }, async () =>
      say({
        ...{ method: method.name, kind: 'host', attack: name, copies: members.length },
        ...{ price: null, rarePrice: null, harm: null },
        ...method.judgeAnswers(joint, members),
      }),
    )
  }
}

function prices(now: Loss, own: Loss): Pick<AttackRow, 'price' | 'rarePrice' | 'harm'> {
  return { price: now.all - own.all, rarePrice: now.rare - own.rare, harm: now.all - base.all }
}

function say(row: AttackRow): AttackRow {
  console.error(`${row.method}, ${row.copies}: ${row.attack}: ${cells(row).slice(2).join(' | ')}`)
  return row
}

function cells({ attack, copies, price, rarePrice, harm, match, z, nats, questions, ...row }: AttackRow) {
  const number = (x: number | null, digits: number) => (x === null ? '–' : x.toFixed(digits))
  const price_ = (x: number | null) => (x === null ? '–' : formatSigned(x, 3))
  return [
    ...[attack, copies, price_(price), price_(rarePrice), price_(harm), `${(100 * match).toFixed(1)} %`],
    ...[number(z, 1), number(nats, 1), number(questions, 0), `${row.named} of ${copies}`, row.innocents],
    row.ours ? 'yes' : 'no',
  ]
}

function report(): void {
  const head = [
    'attack',
    'copies',
    'price',
    'on rare tokens',
    'against the base',
    'match',
    'z',
    'nats',
    'questions',
    'named',
    'innocents',
    '“ours”',
  ]
  console.log(`${provenance()}\n`)
  for (const { name } of methods)
    for (const kind of ['single', 'pair', 'coalition', 'coalition and one more', 'host'] as const) {
      const rows = store.rows.filter((row) => row.method === name && row.kind === kind)
      if (rows.length > 0) console.log(`\n## ${name}: ${kind}\n\n${tableOf(head, rows.map(cells))}`)
    }
  for (const { name } of methods) {
    const lost = store.rows.filter(
      (row) => row.method === name && row.price !== null && row.price <= cheap && row.named === 0,
    )
    console.log(
      `\n${name}: ${lost.length} attacks at most ${formatSigned(cheap, 2)} that name nobody${lost.map(({ attack, copies }) => `\n* ${copies}: ${attack}`).join('')}`,
    )
  }
}

async function forDocs() {
  if (!tokenizer) throw new Error(`“${given.folder}” has no tokenizer.`)
  const rows = store.rows.map(({ kind, attack, copies, price, match, nats, questions, named, innocents }) => ({
    ...{ kind, attack, copies, price, match, nats, questions, named, innocents },
  }))
  const own = store.rows.find(({ attack, kind }) => kind === 'single' && attack === 'none')
  const about = `${provenance()} ${basename(given.folder)} (${model.parameters.toLocaleString('en')} parameters), ${numbers.keys.toLocaleString('en')} keys, ${given.books} copies on the books, false accusations 1e-9. Added loss is on ${given.held ? 'a text that the model has not seen' : 'text from the model'}, against the copy, which itself costs ${formatSigned(own?.harm ?? Number.NaN, 3)} nats per token.`
  const [one, other] = ties.copies.map((copy) => withEdits(runtime, copy))
  return { about, rows, example: await exampleOf(runtime, [one, other], ties.preparation, tokenizer) }
}

async function heldOut() {
  if (!given.held) return sampleText(runtime, new Uint8Array(32).fill(20), 'held-out', 48, 96)
  if (!tokenizer) throw new Error(`“${given.folder}” has no tokenizer.`)
  const text = (await readFile(given.held, 'latin1')).replace(/[^\t\n\r -~]/g, '').replaceAll('\r\n', '\n')
  const ids = [...tokenizer.encode(text)]
  const random = seededRandom(new Uint8Array(16).fill(2))
  return batchOf(
    Array.from({ length: 48 }, () => {
      const from = Math.floor(random() * (ids.length - 97))
      return ids.slice(from, from + 97)
    }),
  )
}
