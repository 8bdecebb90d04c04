import { afterAll, beforeAll, expect, test } from 'vitest'
import { batchOf } from '../../lib/fingerprint/keys/batch'
import { seededRandom } from '../../lib/fingerprint/stats/random'
import { folderFiles } from '../../lib/inference/node/folder'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import type { FingerprintRuntime } from '../../lib/inference/runtime'
import { inspectModel, type Model } from '../../lib/weights/inspect-model'
import { tinyDownProj } from '../fixtures/model-folder'
import golden from '../golden/tiny.json'
import { lossGradient, type Weights } from './llama'
import { readWeights } from './read-weights'
import { type Tuning, tune } from './tune'

const batch = batchOf(golden.fingerprint.calibration_ids.slice(0, 2).map((ids: number[]) => ids.slice(0, 24)))

let runtime: FingerprintRuntime
let model: Model
let weights: Weights

beforeAll(async () => {
  const files = await folderFiles('public/models/tiny')
  model = await inspectModel(files)
  weights = await readWeights(files, model.tensors)
  runtime = await openNodeRuntime('public/models/tiny', { editable: [tinyDownProj(1)], threads: 1 })
})
afterAll(() => runtime.close())

const lossWith = async (changed: Weights) => (await lossGradient(runtime.matmul, model.config, changed, batch)).loss

test('default: the loss is the engine’s', async () => {
  const { nll } = await runtime.run(batch, ['nll'])
  const mean = nll.data.reduce((a, b) => a + b, 0) / nll.data.length
  expect(await lossWith(weights)).toBeCloseTo(mean, 4)
})

test('default: the gradient of every kind of weight is that of finite differences', async () => {
  const { by } = await lossGradient(runtime.matmul, model.config, weights, batch)
  expect([...by.keys()].sort()).toEqual([...weights.keys()].sort())
  for (const [name, gradient] of by) {
    if (/layers\.[023]/.test(name)) continue
    const length = Math.sqrt(gradient.reduce((sum, x) => sum + x * x, 0))
    const step = 0.02 / length
    const along = async (by: number) => {
      const w = weights.get(name)!
      return lossWith(
        new Map([...weights, [name, { ...w, data: w.data.map((x, i) => x + (by * gradient[i]) / length) }]]),
      )
    }
    const slope = ((await along(step)) - (await along(-step))) / (2 * step)
    expect(slope / length, name).toBeGreaterThan(0.95)
    expect(slope / length, name).toBeLessThan(1.05)
  }
})

test.each<Tuning>([
  { optimizer: 'AdamW', rate: 1e-3, steps: 4 },
  { optimizer: 'SGD', rate: 3e-2, steps: 4 },
  { optimizer: 'Lion', rate: 2e-4, steps: 4 },
  { optimizer: 'AdamW', rate: 3e-3, steps: 4, rank: 4 },
])('default: tuning lowers the loss: %j', async (tuning) => {
  const random = seededRandom(new Uint8Array(16).fill(1))
  const tuned = await tune({ matmul: runtime.matmul, config: model.config }, weights, tuning, () => ({ batch }), random)
  expect(await lossWith(tuned)).toBeLessThan((await lossWith(weights)) - 0.03)
})

test('behavior: predictions that do not count change nothing', async () => {
  const ends = (_: number, t: number) => (t === batch.length - 2 ? 1 : 0)
  const { loss } = await lossGradient(runtime.matmul, model.config, weights, batch, ends)
  const { nll } = await runtime.run(batch, ['nll'])
  const last = (nll.data[batch.length - 2] + nll.data[2 * (batch.length - 1) - 1]) / 2
  expect(loss).toBeCloseTo(last, 4)
})
