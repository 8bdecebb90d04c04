import { afterAll, beforeAll, expect, test } from 'vitest'
import { tinyDownProj } from '../../test/fixtures/model-folder'
import golden from '../../test/golden/tiny.json'
import { openNodeRuntime } from '../inference/node/open-node-runtime'
import type { FingerprintRuntime, Matrix } from '../inference/runtime'
import { layerEdit } from './edit/edit'
import { layerSolver } from './edit/solver'
import { batchOf } from './keys/batch'
import { perinucleus } from './keys/candidates'
import { secondMoments } from './keys/moments'
import { cholesky, inverse } from './linear/cholesky'
import { row } from './linear/matrix'
import { matrixTrace, type Square } from './linear/square'
import { greedyAnswers, successRate } from './quality/answers'
import { strongestCompetitor } from './targets/competitors'
import { headCurvature } from './targets/curvature'
import { foldedHead, type Head } from './targets/head'
import { targetMoves } from './targets/target-moves'

const { fingerprint } = golden
const layers = [2, 3]
const text = batchOf(fingerprint.calibration_ids)
const keys = batchOf(fingerprint.keys)
const responses = Uint32Array.from(fingerprint.responses)
const norm = (x: Float32Array) => Math.sqrt(x.reduce((sum, value) => sum + value * value, 0))
const maxDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0)

let runtime: FingerprintRuntime
let head: Head
let moments: Square[]
let curvature: Square

beforeAll(async () => {
  runtime = await openNodeRuntime('public/models/tiny', { editable: layers.map(tinyDownProj), threads: 1 })
  head = await foldedHead(runtime)
  moments = await secondMoments(runtime, text, layers)
  curvature = await headCurvature(runtime, head, text)
})
afterAll(() => runtime.close())

async function keyMoves(): Promise<{ residual: Matrix; moves: Matrix }> {
  const { residual } = await runtime.run(keys, ['residual'])
  const metric = { matmul: runtime.matmul, head, inverseCurvature: inverse(cholesky(curvature)) }
  const margins = new Float64Array(residual.rows).fill(4)
  return { residual, moves: await targetMoves(metric, residual, responses, margins, strongestCompetitor) }
}

test('default: second moments', () => {
  expect(matrixTrace(moments[0]) / fingerprint.second_moment_trace['2']).toBeCloseTo(1, 4)
  expect(matrixTrace(moments[1]) / fingerprint.second_moment_trace['3']).toBeCloseTo(1, 4)
})

test('default: head curvature', () => {
  expect(matrixTrace(curvature) / fingerprint.head_curvature_trace).toBeCloseTo(1, 4)
})

test('default: candidates just outside the nucleus', async () => {
  const { logits } = await runtime.run(keys, ['logits'])
  const found = fingerprint.candidates.map((_, i) => [...perinucleus(row(logits, i), 2)])
  expect(found).toEqual(fingerprint.candidates)
})

test('default: target moves', async () => {
  const { moves } = await keyMoves()
  const norms = fingerprint.move_norms.map((_, i) => norm(row(moves, i)))
  expect(maxDifference(norms, fingerprint.move_norms)).toBeLessThan(2e-2)
  expect(maxDifference(row(moves, 0), fingerprint.first_move)).toBeLessThan(5e-3)
})

test('default: edits layer by layer, and the answers', async () => {
  const { residual: before, moves } = await keyMoves()
  const edits = new Map<string, Float32Array>()
  for (const [n, layer] of layers.entries()) {
    const tap = `z.${layer}` as const
    const { residual, [tap]: z } = await runtime.run(keys, ['residual', tap], { edits })
    const missing = before.data.map((x, i) => (x + moves.data[i] - residual.data[i]) / (layers.length - n))
    const delta = await layerEdit(
      runtime.matmul,
      { ...before, data: missing },
      await layerSolver(runtime.matmul, z, moments[n]),
    )
    const name = `${layer}` as '2' | '3'
    expect(norm(delta.data) / fingerprint.delta_norm[name]).toBeCloseTo(1, 2)
    expect(maxDifference(row(delta, 0), fingerprint.delta_first_row[name])).toBeLessThan(5e-3)
    const base = await runtime.tensor(tinyDownProj(layer))
    edits.set(
      tinyDownProj(layer),
      base.data.map((x, i) => x + delta.data[i]),
    )
  }
  const answers = await greedyAnswers(runtime, keys, { edits })
  expect([...answers]).toEqual(fingerprint.answers)
  expect(successRate(answers, responses)).toBe(fingerprint.success)
})
