import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyDownProj } from '../../../test/fixtures/model-folder'
import { openNodeRuntime } from '../../inference/node/open-node-runtime'
import type { Edits, FingerprintRuntime } from '../../inference/runtime'
import { toFloat32 } from '../../weights/dtype/float32'
import { modelSecret } from '../code/secrets'
import { chernoffNats } from '../evidence/chernoff'
import { bitTable, copyScores } from '../evidence/copy-scores'
import { secondMoments } from '../keys/moments'
import { sampleText } from '../keys/sample'
import { argmax, row } from '../linear/matrix'
import { foldedHead } from '../targets/head'
import { copyBits } from './copy-bits'
import { differencesUnder, embedTies } from './embed-ties'
import { judgeVotes } from './judge-votes'
import { mintTies, type TieMint } from './mint-ties'
import { runKeys, votes } from './near-tie-keys'
import { decodeTies, encodeTies, type TiePreparation } from './preparation'
import { prepareTies } from './prepare-ties'
import { textGradient } from './text-gradient'
import { simulatedAttack } from './tie-channel'

const keys = 160
const layers = [0, 1, 2, 3]
const seed = new Uint8Array(32).fill(7)

let base: FingerprintRuntime
let shakespeare: FingerprintRuntime
let preparation: TiePreparation
let minted: TieMint[]

const mint = (copyId: string) => mintTies(base, preparation, { copyId, buyerSeed: seed, dtype: 'F16' })
const weightsOf = ({ edits }: TieMint): Map<string, Float32Array> =>
  new Map([...edits].map(([name, bytes]) => [name, toFloat32(bytes, 'F16')]))

/** The accused among 300 copies, of which copies 0 and 1 are minted. */
async function accusedOf(suspect: FingerprintRuntime, edits: Edits = new Map()): Promise<number[]> {
  const { logits } = await runKeys(suspect, preparation.keys, ['logits'], { edits })
  const answers = Array.from({ length: logits.rows }, (_, i) => argmax(row(logits, i)))
  const all = Array.from({ length: 300 }, (_, i) => copyBits(preparation.secret, `${i}`, seed, keys))
  const verdict = judgeVotes(preparation.channel, votes(answers, preparation.keys.pairs), bitTable(all, keys), 1e-9)
  return verdict.accused.map(({ copy }) => copy)
}

beforeAll(async () => {
  const editable = layers.map(tinyDownProj)
  base = await openNodeRuntime('public/models/tiny', { editable, threads: 1 })
  shakespeare = await openNodeRuntime('public/models/tiny-shakespeare', { editable, threads: 1 })
  preparation = await prepareTies(base, { secret: modelSecret(new Uint8Array(32).fill(1), 'near ties'), keys })
  minted = [await mint('0'), await mint('1')]
}, 400_000)

afterAll(async () => {
  await base.close()
  await shakespeare.close()
})

test('default: every copy is named by its answers, at little harm', async () => {
  for (const [i, copy] of minted.entries()) {
    expect(copy.report.agreement).toBeGreaterThan(0.95)
    expect(copy.report.deltaLoss).toBeLessThan(0.05)
    expect(copy.report.editedTensors).toEqual(layers.map(tinyDownProj))
    expect(await accusedOf(base, weightsOf(copy))).toEqual([i])
  }
})

test('default: nobody is named for the base or its fine-tune', async () => {
  expect(await accusedOf(base)).toEqual([])
  expect(await accusedOf(shakespeare)).toEqual([])
})

test('behavior: a refit of the copy is still named', async () => {
  const text = await sampleText(base, new Uint8Array(32).fill(3), 'text', 64, 64)
  const moments = await secondMoments(base, text, layers)
  const attack = await simulatedAttack(base, layers, moments)
  expect(await accusedOf(base, await attack(weightsOf(minted[0])))).toEqual([0])
})

test('behavior: minting again gives the same bytes', async () => {
  expect((await mint('0')).edits).toEqual(minted[0].edits)
})

test('default: ordinary text points to the copy that wrote it', async () => {
  const head = await foldedHead(base)
  const table = bitTable(
    Array.from({ length: 300 }, (_, i) => copyBits(preparation.secret, `${i}`, seed, keys)),
    keys,
  )
  const natsOf = async (writer: FingerprintRuntime) => {
    const text = await sampleText(writer, new Uint8Array(32).fill(5), 'held-out', 64, 48)
    const g = await textGradient(base, { head }, preparation, text, 1)
    return copyScores(table, g).map(chernoffNats(g))
  }
  const edits = weightsOf(minted[0])
  const copy = await natsOf({
    ...base,
    generate: (prompts, length, pick, options) => base.generate(prompts, length, pick, { ...options, edits }),
  })
  expect(argmax(copy)).toBe(0)
  expect(copy[0]).toBeGreaterThan(12)
  const innocent = await natsOf(base)
  expect(Math.max(...innocent)).toBeLessThan(12)
})

test('behavior: keys are different prompts, each decided by its bit', async () => {
  const prompts = preparation.keys.prompts.flatMap(({ ids, rows, length }) =>
    Array.from({ length: rows }, (_, i) => ids.slice(i * length, (i + 1) * length).join()),
  )
  expect(new Set(prompts).size).toBe(keys)
  expect(preparation.keys.prompts.length).toBeGreaterThan(2)
  expect(Math.max(...preparation.keys.gaps)).toBeLessThan(1)
  expect(Math.min(...preparation.keys.gaps)).toBeGreaterThan(-1e-3)
})

test('behavior: opposite bits lean the leads to opposite sides', async () => {
  const bits = copyBits(preparation.secret, 'any', seed, keys)
  const [one, other] = await Promise.all(
    [bits, bits.map((bit) => -bit)].map(async (each) =>
      differencesUnder(base, preparation.keys, (await embedTies(base, preparation, each, 'F32')).values),
    ),
  )
  const lean = one.reduce((sum, difference, k) => sum + (bits[k] * (difference - other[k])) / (2 * keys), 0)
  expect(lean).toBeGreaterThan(0.6 * preparation.margins[0])
})

test('behavior: a preparation survives its encoding', () => {
  expect(decodeTies(encodeTies(preparation))).toEqual(preparation)
})

test('error: weights other than those prepared', async () => {
  const other = mintTies(shakespeare, preparation, { copyId: '0', buyerSeed: seed, dtype: 'F16' })
  await expect(other).rejects.toMatchObject({ code: 'fingerprint.other-base' })
})
