import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyDownProj } from '../../../test/fixtures/model-folder'
import golden from '../../../test/golden/tiny.json'
import expected from '../../../test/golden/tiny-near-ties.json'
import { openNodeRuntime } from '../../inference/node/open-node-runtime'
import type { FingerprintRuntime } from '../../inference/runtime'
import { headCurvature } from '../head/curvature'
import { foldedHead, normalized } from '../head/head'
import { batchOf } from '../keys/batch'
import { secondMoments } from '../keys/moments'
import { heldMoments } from '../keys/shares'
import { cholesky, inverse } from '../linear/cholesky'
import { row } from '../linear/matrix'
import { matrixTrace, type Square } from '../linear/square'
import { tieOf } from './choose-near-ties'
import { runKeys } from './near-tie-keys'
import { refit } from './refit'
import { tieKernel, tieWriting } from './tie-writing'

/** Values from a plain PyTorch computation of the same equations on the same tokens. */
const layers = [2, 3]
const text = batchOf(golden.fingerprint.calibration_ids)
const prompts = [batchOf(golden.fingerprint.keys)]
const pairs = Uint32Array.from(expected.pairs)

let runtime: FingerprintRuntime
let moments: Square[]

beforeAll(async () => {
  runtime = await openNodeRuntime('public/models/tiny', { editable: layers.map(tinyDownProj), threads: 1 })
  moments = await secondMoments(runtime, text, layers)
})
afterAll(() => runtime.close())

const expectClose = (found: ArrayLike<number>, wanted: readonly number[], part: number) => {
  const size = Math.max(...wanted.map(Math.abs))
  for (const [i, x] of wanted.entries()) expect(Math.abs(found[i] - x)).toBeLessThan(part * size)
}

test('default: second moments and the head’s curvature', async () => {
  const { fingerprint } = golden
  for (const [i, layer] of (['2', '3'] as const).entries())
    expect(matrixTrace(moments[i]) / fingerprint.second_moment_trace[layer]).toBeCloseTo(1, 4)
  const curvature = await headCurvature(runtime, await foldedHead(runtime), text)
  expect(matrixTrace(curvature) / fingerprint.head_curvature_trace).toBeCloseTo(1, 4)
})

test('default: the two likeliest answers and their gap', async () => {
  const { logits } = await runKeys(runtime, { prompts }, ['logits'])
  const ties = Array.from({ length: logits.rows }, (_, i) => tieOf(row(logits, i)))
  expect(ties.flatMap(({ first, second }) => [first, second])).toEqual(expected.pairs)
  expectClose(
    ties.map(({ gap }) => gap),
    expected.gaps,
    1e-3,
  )
})

test('default: the kernel', async () => {
  const head = await foldedHead(runtime)
  const curvature = await headCurvature(runtime, head, text)
  const metric = { matmul: runtime.matmul, head, inverseCurvature: inverse(cholesky(curvature)) }
  const out = await runKeys(runtime, { prompts }, ['residual', 'z.2', 'z.3'])
  const states = { residuals: out.residual, inputs: [out['z.2'], out['z.3']] }
  const writing = await tieWriting(metric, { pairs }, states, heldMoments(moments), 1)
  const kernel = await tieKernel(metric, { pairs }, states, writing)
  expectClose(
    Array.from({ length: kernel.rows }, (_, i) => row(kernel, i)[i]),
    expected.kernel_diagonal,
    1e-3,
  )
  expectClose(row(kernel, 0), expected.kernel_first_row, 1e-3)
  const norms = Array.from({ length: kernel.rows }, (_, i) => Math.hypot(...row(writing.moves, i)))
  expectClose(norms, expected.move_norms, 1e-3)
})

test('default: a refit', async () => {
  const { data } = await refit(runtime.matmul, await runtime.tensor(tinyDownProj(2)), moments[0], 1.5)
  expect(Math.sqrt(data.reduce((sum, x) => sum + x * x, 0)) / expected.refit_norm).toBeCloseTo(1, 4)
  expectClose(data, expected.refit_first_row, 1e-3)
})

test('behavior: a normalized residual has a root mean square of 1', async () => {
  const { residual } = await runKeys(runtime, { prompts }, ['residual'])
  const x = row(normalized(residual, await foldedHead(runtime)), 0)
  expect(Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length)).toBeCloseTo(1, 4)
})
