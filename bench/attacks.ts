import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { secondMoments } from '../lib/fingerprint/keys/moments'
import { sampleText } from '../lib/fingerprint/keys/sample'
import { refit } from '../lib/fingerprint/near-ties/refit'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { formatSigned } from '../lib/format/numbers'
import { folderFiles } from '../lib/inference/node/folder'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import type { Runtime } from '../lib/inference/runtime'
import type { WeightDtype } from '../lib/weights/dtype/dtype'
import { inspectModel } from '../lib/weights/inspect-model'
import { layerMatrices } from '../lib/weights/layer-matrices'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { readWeights } from '../test/train/read-weights'
import { greedy, type Host } from './attack/answering'
import { coalitions } from './attack/coalitions'
import { collusions } from './attack/collude-answers'
import { detectorsOf, flagged } from './attack/detectors'
import { exampleOf } from './attack/example'
import { divergences, leastLikely, meanOf } from './attack/hosts'
import { hostsOfOne } from './attack/hosts-of-one'
import { type Method, nearTies } from './attack/methods'
import { free, given } from './attack/options'
import { plotPrices } from './attack/plot-prices'
import { type Loss, lossOn } from './attack/price'
import { report, say } from './attack/report'
import { type AttackRow, keptRows } from './attack/rows'
import { sftKeys } from './attack/sft-keys'
import { heldOutText, tuningText } from './attack/texts'
import { transforms } from './attack/transforms'
import { tuned, tunings } from './attack/tunings'
import { erased, unlearned } from './attack/unlearn'
import { onEach, type Weights } from './attack/weights'
import { keepSessions } from './marked/keep-sessions'
import { withEdits } from './marked/open-marked'
import { provenance } from './marked/print'

/** The fingerprints of a copy under what a clever buyer can do: what each attack costs, and what evidence it leaves. */

const cheap = Number(given.price)
const most = 5
const files = await folderFiles(given.folder)
const model = await inspectModel(files)
const matrices = layerMatrices(model.tensors)
const runtime = await keepSessions(() =>
  openNodeRuntime(given.folder, { editable: matrices, threads: Number(given.threads) }),
)
const child =
  given.child === 'none'
    ? null
    : await openNodeRuntime(given.child, { editable: matrices, threads: Number(given.threads) })
const tokenizer = await openTokenizer(files)
const { downProj } = runtime.shape
const dtype = model.tensors.get(downProj[0])?.dtype as WeightDtype
const numbers = {
  keys: given.keys ? Number(given.keys) : undefined,
  margin: Number(given.margin),
  floor: Number(given.floor),
}
const layers = given.layers?.split(',').map(Number)

const held = await heldOutText(runtime, given.held, tokenizer)
const loss = lossOn(held)
const base = await loss(runtime)
const traffic = await sampleText(runtime, new Uint8Array(32).fill(21), 'text', 256, 64)
const every = downProj.map((_, layer) => layer)
const moments = new Map((await secondMoments(runtime, traffic, every)).map((moment, i) => [downProj[i], moment]))
/** Nothing but answers is seen of a host. */
const answersOnly = { price: null, rarePrice: null, harm: null, weightNats: null, weightNamed: null }
const isWanted = (name: string) => new RegExp(given.only).test(name)
const settings = Object.entries(given).filter(([name]) => !free.includes(name))
const store = await keptRows(given.out, JSON.stringify(Object.fromEntries(settings)))

const ties = await nearTies(
  { runtime, dtype },
  {
    ...numbers,
    layers,
    copies: most,
    books: Number(given.books),
    kept: given.kept,
    fineTune: child && given['fine-tune'] ? { tensor: child.tensor, matrices } : undefined,
    mostHarm: given.harm === undefined ? undefined : Number(given.harm),
  },
)
console.error(`prepared: ${JSON.stringify(ties.preparation.pilot)}, margin ${ties.preparation.margins[0]}`)
if (given['judge-again'])
  for (const row of store.rows.filter(({ votes, attack }) => votes && isWanted(attack))) {
    const members = Array.from({ length: row.copies }, (_, i) => i)
    Object.assign(row, ties.judgeAgain?.(row, members))
    await store.save()
  }
const methods: Method[] = [ties]
await attack(ties)
if (!given['no-sft']) {
  const weights = await readWeights(files, model.tensors)
  const sft = await sftKeys(
    { runtime, config: model.config, weights, matrices },
    {
      keys: 128,
      copies: Number(given['sft-copies'] ?? (given.quick ? 1 : 3)),
      books: 2000,
      steps: 80,
      harm: ties.deltaLoss[0],
      heldOut: ties.preparation.heldOut,
    },
  )
  console.error(`SFT: harm ${sft.deltaLoss.map((x) => formatSigned(x, 3)).join(', ')}`)
  methods.push(sft)
  await attack(sft)
}

if (given.json)
  console.log(
    JSON.stringify({ ...numbers, keys: ties.preparation.keys.gaps.length, base, rows: withoutVotes() }, null, 2),
  )
else
  report(
    store.rows,
    methods.map(({ name }) => name),
    cheap,
  )
if (given.docs) {
  await writeFile(`${given.docs}.json`, `${JSON.stringify(await forDocs(), null, 2)}\n`)
  await writeFile(`${given.docs}.svg`, plotPrices(store.rows))
}
await child?.close()
await runtime.close()

async function attack(method: Method): Promise<void> {
  const [first] = method.copies
  const own = await loss(withEdits(runtime, first))
  const changes = shortened(transforms({ runtime, child, moments, downProj, matrices })).filter(({ name }) =>
    isWanted(name),
  )
  const measure = (kind: AttackRow['kind'], name: string, members: number[], make: () => Promise<Weights>) =>
    store.row({ method: method.name, kind, attack: name, copies: members.length }, async () => {
      const weights = await make()
      const suspect = withEdits(runtime, weights)
      return say({
        ...{ method: method.name, kind, attack: name, copies: members.length },
        ...prices(await loss(suspect), own),
        ...(await method.judge(suspect, greedy, members)),
        ...(await weighed(method, members, async (layer) => {
          const tensor = await runtime.tensor(downProj[layer])
          return { ...tensor, data: weights.get(downProj[layer]) ?? tensor.data }
        })),
      })
    })

  const singles = [await measure('single', 'none', [0], async () => first)]
  for (const { name, run } of changes) singles.push(await measure('single', name, [0], () => run(first)))
  if (method === ties) {
    const { preparation } = ties
    const [, second] = method.copies
    const eraser = () => refitted(second, 3)
    for (const [name, make] of [
      ['every tenth key unlearned', () => unlearned(runtime, preparation, first, first)],
      ['every tenth key unlearned, from another copy', () => unlearned(runtime, preparation, second, first)],
      ['what a refit of 3 changed in another copy', async () => erased(second, await eraser(), first)],
    ] as const)
      if (isWanted(name)) await measure('single', name, [0], make)
  }
  const affordable = singles
    .filter(({ attack, price, named }) => attack !== 'none' && price !== null && price <= cheap && named > 0)
    .sort((a, b) => (a.nats ?? a.match) - (b.nats ?? b.match))
    .slice(0, given.quick || method !== ties ? 2 : 6)
    .flatMap((row) => changes.filter(({ name }) => name === row.attack))
  for (const one of affordable)
    for (const two of affordable)
      if (one !== two) await measure('pair', `${one.name}; ${two.name}`, [0], async () => two.run(await one.run(first)))

  const other = withEdits(runtime, await refitted(first, 1))
  const ordinary = await sampleText(runtime, new Uint8Array(32).fill(22), 'held-out', 1000, 32)
  const apart = (await divergences(withEdits(runtime, first), other, ordinary)).sort().reverse()
  const limits = [0.01, 0.05, 0.2].map((share): [number, number] => [share, apart[Math.floor(share * apart.length)]])
  const copy = { ...runtime, ...withEdits(runtime, first), tensor: tensorOf(first) }
  const refits = new Map<string, Runtime>([
    ['its refit of 1', other],
    ['its refit of 0.3', withEdits(runtime, await refitted(first, 0.3))],
  ])
  const detectors = await detectorsOf(
    copy,
    refits,
    downProj.map((name) => moments.get(name)!),
  )
  for (const detector of detectors.filter(({ name }) => isWanted(name)))
    await store.row({ method: method.name, kind: 'detector', attack: detector.name, copies: 1 }, async () => {
      const found = await flagged(detector, method.prompts, ordinary)
      console.error(`${method.name}: ${detector.name}: ${found.map(({ keys }) => keys.toFixed(3)).join(', ')}`)
      return {
        ...{ method: method.name, kind: 'detector', attack: detector.name, copies: 1, price: null, rarePrice: null },
        ...{ harm: null, match: 1, z: null, nats: null, named: 0, innocents: 0, ours: false, questions: null },
        ...{ weightNats: null, weightNamed: null, flagged: found.map(({ keys }) => keys) },
      }
    })

  const sizes = given.quick ? [2, 3] : [2, 3, 5]
  for (const size of sizes.filter((size) => size <= method.copies.length)) {
    const members = Array.from({ length: size }, (_, i) => i)
    const copies = method.copies.slice(0, size)
    for (const { name, run } of shortened(coalitions(runtime)).filter(({ name }) => isWanted(name))) {
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
  const tokens = await tuningText(child ?? runtime, given.text, tokenizer)
  const [, another] = method.copies
  const scene = { tokenizer, child, passage: tokens.slice(0, 96), refit: other, limits }
  await hosts(method, [0], hostsOfOne({ ...scene, another: another && withEdits(runtime, another) }))
  const [allTunings, steps] = [tunings(given.quick ? 30 : 100), given.quick ? 3 : 1]
  for (const { name, tuning } of allTunings.filter(({ name }, i) => i % steps === steps - 1 && isWanted(name)))
    await store.row({ method: method.name, kind: 'single', attack: name, copies: 1 }, () =>
      tuned({ folder: given.folder, model, dtype, matmul: runtime.matmul }, first, tokens, tuning, async (suspect) =>
        say({
          ...{ method: method.name, kind: 'single', attack: name, copies: 1 },
          ...prices(await loss(suspect), own),
          ...(await method.judge(suspect, greedy, [0])),
          ...(await weighed(method, [0], (layer) => suspect.tensor(downProj[layer]))),
        }),
      ),
    )
}

/** A quick run has every second of the attacks, of which most come in several strengths. */
function shortened<T>(attacks: readonly T[]): readonly T[] {
  return attacks.filter((_, i) => !given.quick || i % 2 === 0)
}

/** Every down_proj but the first layer's, refitted. */
function refitted(weights: Weights, strength: number): Promise<Weights> {
  return onEach(runtime, weights, downProj.slice(1), (w, name) =>
    refit(runtime.matmul, w, moments.get(name)!, strength),
  )
}

function tensorOf(weights: Weights): typeof runtime.tensor {
  return async (name) => {
    const tensor = await runtime.tensor(name)
    return { ...tensor, data: weights.get(name) ?? tensor.data }
  }
}

async function weighed(
  method: Method,
  members: readonly number[],
  tensor: Parameters<NonNullable<Method['weigh']>>[0],
): Promise<Pick<AttackRow, 'weightNats' | 'weightNamed'>> {
  if (!method.weigh) return { weightNats: null, weightNamed: null }
  const { nats, named, innocents } = await method.weigh(tensor, members)
  if (innocents > 0) console.error(`innocents named by weights: ${innocents}`)
  return { weightNats: nats, weightNamed: named }
}

async function hosts(method: Method, members: number[], list: readonly (readonly [string, Host])[]): Promise<void> {
  const suspect = withEdits(runtime, method.copies[0])
  for (const [name, host] of list.filter(([name]) => isWanted(name)))
    await store.row({ method: method.name, kind: 'host', attack: name, copies: members.length }, async () =>
      say({
        ...{ method: method.name, kind: 'host', attack: name, copies: members.length },
        ...answersOnly,
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
        ...answersOnly,
        ...method.judgeAnswers(joint, members),
      }),
    )
  }
}

function prices(now: Loss, own: Loss): Pick<AttackRow, 'price' | 'rarePrice' | 'harm'> {
  return { price: now.all - own.all, rarePrice: now.rare - own.rare, harm: now.all - base.all }
}

function withoutVotes(): AttackRow[] {
  return store.rows.map(({ votes: _, logOdds: __, ...row }) => row)
}

async function forDocs() {
  if (!tokenizer) throw new Error(`“${given.folder}” has no tokenizer.`)
  const own = store.rows.find(({ attack, kind }) => kind === 'single' && attack === 'none')
  const about = `${provenance()} ${basename(given.folder)} (${model.parameters.toLocaleString('en')} parameters), ${ties.preparation.keys.gaps.length.toLocaleString('en')} keys, ${given.books} copies on the books, false accusations 1e-9. Added loss is on ${given.held ? 'a text that the model has not seen' : 'text from the model'}, against the copy, which itself costs ${formatSigned(own?.harm ?? Number.NaN, 3)} nats per token.`
  const [one, other] = ties.copies.map((copy) => withEdits(runtime, copy))
  return { about, rows: withoutVotes(), example: await exampleOf(runtime, [one, other], ties.preparation, tokenizer) }
}
