import { afterAll, beforeAll, expect, test } from 'vitest'
import { copies, type Engine, layers, openEngine, weightsOf } from '../../test/engine'
import { withLogprobs } from '../../test/shown-logprobs'
import type { Edits, FingerprintRuntime, Runtime } from '../inference/runtime'
import { chernoffNats } from './evidence/chernoff'
import { lookCost } from './evidence/looks'
import type { Preparation } from './format/preparation'
import { foldedHead } from './head/head'
import { tokensOf } from './keys/batch'
import { secondMoments } from './keys/moments'
import { sampleText } from './keys/sample'
import { heldMoments } from './keys/shares'
import { listen } from './listen'
import type { Mint } from './mint'
import { bitSlopes } from './near-ties/bit-evidence'
import { ridgeSolver } from './near-ties/embed-ties'
import type { FineTune } from './near-ties/fine-tunes'
import { addTexts, noEvidence, type Transcript } from './near-ties/text-evidence'
import { textReferences } from './near-ties/text-reference'
import { simulatedAttack } from './near-ties/tie-channel'
import { seededRandom } from './stats/random'

let engine: Engine
let base: FingerprintRuntime
let shakespeare: FingerprintRuntime
let preparation: Preparation
let minted: Mint[]

const asCopy = (edits: Edits) => engine.asCopy(edits)

beforeAll(async () => {
  engine = await openEngine()
  ;({ base, shakespeare, preparation, minted } = engine)
}, 400_000)

afterAll(() => engine.close())

const written = async (writer: Runtime, rows: number) => {
  const text = await sampleText(writer, new Uint8Array(32).fill(5), 'held-out', rows, 48)
  return Array.from({ length: rows }, (_, i) => ({
    ids: tokensOf(text, i).subarray(0, 40 + (i % 8)),
    from: 1 + (i % 3),
  }))
}

const gradient = async (embedding: Preparation, texts: Transcript[], edits?: Edits) => {
  const evidence = noEvidence(embedding.margins.length)
  await addTexts(evidence, base, await foldedHead(base), embedding, texts, { edits })
  return bitSlopes({ ...embedding, solve: await ridgeSolver(base, embedding.kernel) }, evidence.slopes)
}

test('default: ordinary text names the copy that wrote it, and nobody for the base', async () => {
  const heard = await listen(base, preparation, copies, await written(asCopy(weightsOf(minted[0])), 128), {
    rate: 1e-3,
  })
  expect(heard.accused.map(({ copyId }) => copyId)).toEqual(['1'])
  expect(heard.leading?.nats).toBeGreaterThan(heard.goal)
  const innocent = await listen(base, preparation, copies, await written(base, 64))
  expect(innocent.accused).toEqual([])
  expect(innocent.leading?.nats).toBeLessThan(12)
  expect([innocent.texts, innocent.looks]).toEqual([64, 4])
})

test('behavior: log probabilities say more, of one copy and of two that were averaged', async () => {
  const [one, other] = minted.map(weightsOf)
  const averaged = new Map([...one].map(([name, data]) => [name, data.map((x, i) => (x + other.get(name)![i]) / 2)]))
  const head = await foldedHead(base)
  const heard = async (writer: Runtime, texts: Transcript[], count: number) =>
    listen(base, preparation, copies, await withLogprobs(writer, base, head, texts, count), { rate: 1e-6 })
  const few = await written(asCopy(one), 16)
  expect((await listen(base, preparation, copies, few)).leading?.nats).toBeLessThan(5)
  const own = await heard(asCopy(one), few, 0)
  const five = await heard(asCopy(one), few, 5)
  expect(five.accused.map(({ copyId }) => copyId)).toEqual(['1'])
  expect(five.leading?.nats).toBeGreaterThan(own.leading?.nats ?? 0)
  expect([five.withLogprobs, own.withLogprobs]).toEqual([five.tokens, own.tokens])
  const both = await heard(asCopy(averaged), await written(asCopy(averaged), 128), 5)
  expect(both.accused.map(({ copyId }) => copyId).toSorted()).toEqual(['1', '2'])
  expect((await heard(base, few, 5)).leading?.nats).toBeLessThan(12)
})

test('behavior: log probabilities that lie hide no text and name nobody else', async () => {
  const texts = await written(asCopy(weightsOf(minted[0])), 128)
  const random = seededRandom(new Uint8Array(16).fill(8))
  const nonsense = [-9999, Number.NaN, 1e300, -1, Number.NEGATIVE_INFINITY]
  for (const lie of [() => -20 * random(), () => nonsense[Math.floor(5 * random())]]) {
    const logprobs = texts.map(({ ids, from }) => Array.from(ids.slice(from), (token) => [[token, lie()]] as const))
    const { accused } = await listen(
      base,
      preparation,
      copies,
      texts.map((text, i) => ({ ...text, logprobs: logprobs[i] })),
      { rate: 1e-3 },
    )
    expect(accused.map(({ copyId }) => copyId)).toEqual(['1'])
  }
})

test('behavior: the text of a refitted copy is compared with a refit of the base, and says more', async () => {
  const traffic = await sampleText(base, new Uint8Array(32).fill(3), 'text', 64, 64)
  const attack = simulatedAttack(base, layers, heldMoments(await secondMoments(base, traffic, layers)), 2)
  const texts = await written(asCopy(await attack(weightsOf(minted[0]))), 128)
  const { edits, writing } = await textReferences(base, preparation)(texts)
  expect([...edits.keys()]).toEqual(layers.filter((layer) => layer > 0).map((layer) => base.shape.downProj[layer]))
  const evidence = (g: Float64Array) => chernoffNats(g)(g.reduce((sum, x, k) => sum + x * minted[0].bits[k], 0))
  const plain = evidence(await gradient(preparation, texts))
  const compared = evidence(await gradient({ ...preparation, writing }, texts, edits))
  expect(compared).toBeGreaterThan(plain)
  const own = await textReferences(base, preparation)(await written(asCopy(weightsOf(minted[0])), 64))
  expect([own.edits.size, own.writing]).toEqual([0, preparation.writing])
})

test('behavior: the text of a copy with a fine-tune’s later layers is compared with the base that has them too', async () => {
  const fineTune: FineTune = { tensor: shakespeare.tensor, matrices: base.shape.downProj }
  const later = base.shape.downProj.slice(1)
  const taken = await Promise.all(later.map(async (name) => [name, (await shakespeare.tensor(name)).data] as const))
  const texts = await written(asCopy(new Map([...weightsOf(minted[0]), ...taken])), 128)
  const { edits, writing } = await textReferences(base, preparation, { fineTunes: [fineTune] })(texts)
  for (const [name, data] of taken) expect(edits.get(name)).toEqual(data)
  // Only the first layer still has the copy's bits.
  expect(writing.solvers.map(({ data }) => data.some((x) => x !== 0))).toEqual(layers.map((layer) => layer === 0))
  const evidence = (g: Float64Array) => chernoffNats(g)(g.reduce((sum, x, k) => sum + x * minted[0].bits[k], 0))
  const plain = evidence(await gradient(preparation, texts))
  const compared = evidence(await gradient({ ...preparation, writing }, texts, edits))
  expect(compared).toBeGreaterThan(plain)
  // At every look all texts so far are compared with what fits them best.
  const few = texts.slice(0, 32)
  const heard = await listen(base, preparation, [copies[0]], few, { fineTunes: [fineTune], rate: 1e-300 })
  const last = await textReferences(base, preparation, { fineTunes: [fineTune] })(few)
  const whole = evidence(await gradient({ ...preparation, writing: last.writing }, few, last.edits))
  expect([heard.looks, heard.texts]).toEqual([3, 32])
  expect(heard.leading?.nats).toBeCloseTo(Math.max(0, whole - lookCost(2)), 3)
  const own = await written(asCopy(weightsOf(minted[0])), 64)
  const unneeded = await textReferences(base, preparation, { fineTunes: [fineTune] })(own)
  expect([unneeded.edits.size, unneeded.writing]).toEqual([0, preparation.writing])
})

test('behavior: a text longer than the model’s context is scored in parts', async () => {
  const [first] = await written(base, 1)
  const ids = Array.from({ length: 1300 }, (_, i) => first.ids[i % first.ids.length])
  const logprobs = ids.slice(10).map((token, i) => (i % 2 ? [[token, -3] as const] : []))
  const { tokens, withLogprobs, texts } = await listen(base, preparation, copies.slice(0, 2), [
    { ids, from: 10, logprobs },
  ])
  expect([tokens, withLogprobs, texts]).toEqual([1290, 645, 5])
})

test('error: no answer to score, and another base', async () => {
  await expect(listen(base, preparation, copies, [{ ids: [1, 2], from: 2 }])).rejects.toMatchObject({
    code: 'fingerprint.no-answers',
  })
  await expect(listen(shakespeare, preparation, copies, [{ ids: [1, 2], from: 1 }])).rejects.toMatchObject({
    code: 'fingerprint.other-base',
  })
})
