import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyDownProj } from '../../test/fixtures/model-folder'
import { postNormedTiny } from '../../test/fixtures/post-normed'
import { openNodeRuntime } from '../inference/node/open-node-runtime'
import type { FingerprintRuntime } from '../inference/runtime'
import { toFloat32 } from '../weights/dtype/float32'
import { modelSecret } from './code/secrets'
import { outputGain } from './edit/output-gain'
import type { Preparation } from './format/preparation'
import { foldedHead } from './head/head'
import { sampleText } from './keys/sample'
import type { MintedCopy } from './keyset/minted-copy'
import { listen } from './listen'
import { type Mint, mint } from './mint'
import { embedTies } from './near-ties/embed-ties'
import { differencesOf, runKeys } from './near-ties/near-tie-keys'
import { differencesAt } from './near-ties/shared-runs'
import { tieKernel } from './near-ties/tie-writing'
import { prepare } from './prepare'
import { agreementOf } from './quality/agreement'
import { seededRandom } from './stats/random'
import { weigh } from './weigh'

/** A model whose layers have a norm between down_proj and the residual, and whose logits have a cap. */

const keys = 128
const layers = [0, 1, 2, 3]
const seed = new Uint8Array(32).fill(7)
const copies = Array.from({ length: 300 }, (_, i): MintedCopy => ({ copyId: `${i + 1}`, buyerSeed: seed }))
let folder: string
let base: FingerprintRuntime
let preparation: Preparation
let copy: Mint
let edits: Map<string, Float32Array>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinmark-post-norms-'))
  for (const { path, bytes } of await postNormedTiny())
    await writeFile(join(folder, path), await bytes.slice(0, bytes.byteLength))
  base = await openNodeRuntime(folder, { editable: layers.map(tinyDownProj), threads: 1 })
  preparation = await prepare(base, { secret: modelSecret(seed, 'post-norms.test'), keys })
  copy = await mint(base, preparation, { ...copies[0], dtype: 'F32' })
  edits = new Map([...copy.edits].map(([name, bytes]) => [name, toFloat32(bytes, 'F32')]))
}, 400_000)
afterAll(async () => {
  await base.close()
  await rm(folder, { recursive: true })
})

test('default: a copy answers as its bits say, and does little harm', async () => {
  expect(copy.report.agreement).toBeGreaterThan(0.95)
  expect(copy.report.deltaLoss).toBeLessThan(0.05)
  const differences = await differencesOf(base, preparation.keys, { edits })
  expect(agreementOf(differences, copy.bits)).toBeGreaterThan(0.95)
})

test('default: the capped logits’ differences are those of the model', async () => {
  const [exact, computed] = [
    await differencesOf(base, preparation.keys, { edits }),
    await differencesAt(base, await foldedHead(base), preparation.keys, { edits }),
  ]
  for (const [k, difference] of computed.entries()) expect(difference).toBeCloseTo(exact[k], 3)
})

test('default: an edit of the last layer moves keys by what G says', async () => {
  const { keys, writing } = preparation
  const head = await foldedHead(base)
  const { residual, 'z.3': z } = await runKeys(base, keys, ['residual', 'z.3'])
  const last = { moves: writing.moves, solvers: [writing.solvers[3]] }
  const kernel = await tieKernel({ matmul: base.matmul, head }, keys, { residuals: residual, inputs: [z] }, last)
  const margins = new Float64Array(keys.gaps.length).fill(0.1)
  const embedding = { keys, layers: [3], writing: last, kernel, margins }
  const { values, alpha } = await embedTies(base, embedding, copy.bits, 'F32')
  const moved = await differencesAt(base, head, keys, { edits: values })
  const told = keys.gaps.map((_, i) => alpha.reduce((sum, x, j) => sum + x * kernel.data[i * kernel.cols + j], 0))
  const length = (x: Float64Array) => Math.hypot(...x)
  expect(length(told.map((x, k) => moved[k] - keys.gaps[k] - x)) / length(told)).toBeLessThan(0.1)
})

test('default: the copy is found in weights, and in text that it wrote', async () => {
  const shapes = await base.tensor(tinyDownProj(0))
  const found = await weigh(base, preparation, copies, async (layer) => {
    const data = edits.get(tinyDownProj(layer))
    return data ? { ...shapes, data } : null
  })
  expect(found.map(({ copyId }) => copyId)).toEqual(['1'])
  const asCopy = {
    ...base,
    generate: (...[prompts, length, pick, options]: Parameters<FingerprintRuntime['generate']>) =>
      base.generate(prompts, length, pick, { ...options, edits }),
  }
  const written = async (by: FingerprintRuntime, rows: number) => {
    const { ids, length } = await sampleText(by, new Uint8Array(32).fill(1), 'text', rows, 64)
    return Array.from({ length: rows }, (_, i) => ({ ids: ids.subarray(i * length, (i + 1) * length), from: 1 }))
  }
  const heard = await listen(base, preparation, copies, await written(asCopy, 256), { rate: 1e-3 })
  expect(heard.accused.map(({ copyId }) => copyId)).toEqual(['1'])
})

test('error: rows that are scaled, which the norm’s gain makes good, do not hide the copy in weights', async () => {
  const random = seededRandom(new Uint8Array(16).fill(4))
  const found = await weigh(base, preparation, copies, async (layer) => {
    const tensor = await base.tensor(tinyDownProj(layer))
    const scales = Float64Array.from({ length: tensor.rows }, () => 2 ** (2 * random() - 1))
    const data = edits.get(tinyDownProj(layer))!.map((x, at) => x * scales[Math.floor(at / tensor.cols)])
    return { ...tensor, data }
  })
  expect(found.map(({ copyId }) => copyId)).toEqual(['1'])
})

test('behavior: small gains count as a tenth of the usual one, with their sign', async () => {
  const gain = Float32Array.of(1, -1, 0.001, -0.001)
  const clamped = await outputGain({ ...base, outputGain: async () => gain }, 0)
  const least = 0.1 * Math.sqrt(gain.reduce((sum, x) => sum + x ** 2, 0) / gain.length)
  for (const [i, x] of [1, -1, least, -least].entries()) expect(clamped?.[i]).toBeCloseTo(x, 6)
  expect(await outputGain({ ...base, outputGain: async () => null }, 0)).toBeNull()
})
