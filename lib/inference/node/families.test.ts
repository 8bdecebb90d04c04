import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, test } from 'vitest'
import { safetensors } from '../../../test/fixtures/model-folder'
import { linear, type Weights } from '../../../test/reference/math'
import { randomModel } from '../../../test/reference/random-model'
import { type Recipe, recipes } from '../../../test/reference/recipes'
import { layerStates } from '../../onnx/attention/cache'
import { exportGraph } from '../../onnx/export-graph'
import type { NamedBytes } from '../../weights/bytes'
import type { ModelConfig } from '../../weights/config/config'
import { downProjOf } from '../../weights/config/tensor-names'
import { fromFloat32 } from '../../weights/dtype/float32'
import { inspectModel } from '../../weights/inspect-model'
import { inspectWeights } from '../../weights/inspect-weights'
import type { Engine } from '../engine'
import type { Head, Matrix, Runtime, TokenBatch } from '../runtime'
import { sessionRuntime } from '../session-runtime'
import { nodeEngine } from './node-engine'
import { openNodeRuntime } from './open-node-runtime'

const ids = [3, 14, 15, 92, 65, 35, 89, 79, 32, 38, 46, 26, 43, 38, 32, 79]
const batch: TokenBatch = { ids: Int32Array.from(ids), rows: 1, length: ids.length }

async function inFolder<T>(files: readonly NamedBytes[], use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  for (const { path, bytes } of files) await writeFile(join(folder, path), await bytes.slice(0, bytes.byteLength))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function opened<T>(
  files: readonly NamedBytes[],
  use: (runtime: Runtime) => Promise<T>,
  editable: readonly string[] = [],
): Promise<T> {
  return inFolder(files, async (folder) => {
    const runtime = await openNodeRuntime(folder, { threads: 1, editable })
    const result = await use(runtime)
    await runtime.close()
    return result
  })
}

function worstOf(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length)
  return expected.reduce((most, x, i) => Math.max(most, Math.abs(x - actual[i])), 0)
}

const worst = ({ data }: Matrix, expected: readonly number[]) => worstOf(data, expected)

/**
 * The largest error relative to the expected value, or absolute for values below one: half precision has three digits.
 */
function worstShare(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length)
  return expected.reduce((most, x, i) => Math.max(most, Math.abs(x - actual[i]) / Math.max(1, Math.abs(x))), 0)
}

const argmax = (logits: ArrayLike<number>) => Array.from(logits).indexOf(Math.max(...Array.from(logits)))

/** The tokens with which the reference continues, each computed from the beginning. */
function continued({ config, forward }: Recipe, weights: Weights, from: readonly number[], count: number): number[] {
  const row = [...from]
  for (let i = 0; i < count; i++) row.push(argmax(forward(config, weights, row).logits.at(-1) ?? []))
  return row.slice(from.length)
}

describe.each(Object.keys(recipes))('%s', (name) => {
  const recipe = recipes[name]
  test.each([
    ['F32', 1e-3],
    ['F16', 2e-2],
  ] as const)('behavior: with weights of %s the outputs equal the reference', async (dtype, tolerance) => {
    const { files, weights } = randomModel(recipe, dtype)
    const { logits, residuals, zs } = recipe.forward(recipe.config, weights, ids)
    await opened(files, async (runtime) => {
      const { config } = await inspectModel(files)
      const dense = zs[1].length > 0
      const added = (layer: number) => zs[layer].flatMap((z) => asAdded(config, weights, layer, z))
      const out = await runtime.run(batch, ['logits', 'residuals', ...(dense ? (['zs.1', 'z.2'] as const) : [])])
      expect(Math.max(...out.logits.data.map(Math.abs))).toBeGreaterThan(0.5)
      expect(worst(out.residuals, residuals.flat())).toBeLessThan(tolerance)
      if (dense) expect(worst(out['zs.1'], added(1))).toBeLessThan(tolerance)
      if (dense) expect(worst(out['z.2'], added(2).slice(-out['z.2'].cols))).toBeLessThan(tolerance)
      expect(worst(out.logits, logits.at(-1) ?? [])).toBeLessThan(tolerance)
    })
  })

  test('behavior: weights held in half precision give equal logits, computing in half precision nearly equal ones', async () => {
    const { files, weights } = randomModel(recipe, 'F16')
    const { logits } = recipe.forward(recipe.config, weights, ids)
    const expected = logits.at(-1) ?? []
    await inFolder(files, async (folder) => {
      const model = await inspectWeights(files)
      const engine: Engine = {
        ...nodeEngine(folder, files, model.tensors, 1),
        weights: 'F16',
        generatePrecision: 'F16',
      }
      const runtime = sessionRuntime(engine, model, files, { tokensPerBatch: 512 })
      expect(worst((await runtime.run(batch, ['logits'])).logits, expected)).toBeLessThan(1e-3)
      let generated: number[] = []
      const pick = (logits: Float32Array) => {
        generated = [...logits]
        return Int32Array.of(0)
      }
      await runtime.generate(batch, 1, pick, {})
      await runtime.close()
      expect(worstShare(generated, expected)).toBeLessThan(2e-2)
      expect(worstShare(generated, expected)).toBeGreaterThan(1e-5)
    })
  })

  test('behavior: rows generated together with the cache equal those generated without', async () => {
    const { files, weights } = randomModel(recipe, 'F32')
    const starts = [ids.slice(0, 6), ids.slice(6, 12)]
    const prompts = { ids: Int32Array.from(starts.flat()), rows: 2, length: 6 }
    const generated = await opened(files, (runtime) => runtime.generate(prompts, 8, argmax))
    expect([...generated.ids]).toEqual(starts.flatMap((start) => continued(recipe, weights, start, 8)))
  })

  test('behavior: the logits of the exported graph equal the reference at every position', async () => {
    const { files, weights } = randomModel(recipe, 'F32')
    const { config, tensors } = await inspectModel(files)
    const row = name === 'llama, dynamic' ? ids.slice(0, config.ropes?.full.original) : ids
    const int64 = (values: number[]) => new Tensor('int64', BigInt64Array.from(values.map(BigInt)), [1, values.length])
    const feeds: Record<string, Tensor> = { input_ids: int64(row), attention_mask: int64(row.map(() => 1)) }
    for (let layer = 0; layer < config.layers; layer++)
      for (const { part, sizes } of layerStates(config, layer, 'F32')) {
        const shape = [1, ...sizes.map((size) => (size === 'tokens' ? 0 : size))]
        const zeros = new Float32Array(shape.reduce((a, b) => a * b, 1))
        feeds[`past_key_values.${layer}.${part}`] = new Tensor('float32', zeros, shape)
      }
    const { logits } = await inFolder(files, async (folder) => {
      const extra = { session: { model_external_initializers_file_folder_path: folder } }
      const session = await InferenceSession.create(exportGraph(config, tensors), { extra })
      const outputs = await session.run(feeds)
      await session.release()
      return outputs
    })
    const expected = recipe.forward(recipe.config, weights, row).logits.flat()
    expect(worstOf(logits.data as Float32Array, expected)).toBeLessThan(1e-3)
  })

  test('behavior: head and down_proj equal the reference', async () => {
    const { files, weights } = randomModel(recipe, 'F32')
    const { config } = await inspectModel(files)
    const { name: down, layout } = downProjOf(config, 2)
    const trace = recipe.forward(recipe.config, weights, ids)
    const dense = trace.zs[2].length > 0
    await opened(
      files,
      async (runtime) => {
        expect(
          worstOf(logitsOf(await runtime.head(), trace.residuals.at(-1) ?? []), trace.logits.at(-1) ?? []),
        ).toBeLessThan(1e-5)
        if (!dense) return

        const matrix = await runtime.tensor(down)
        expect([matrix.rows, matrix.cols]).toEqual([runtime.shape.hidden, runtime.shape.widths[2]])
        const unedited = await runtime.run(batch, ['residual'])
        const replaced = await runtime.run(batch, ['residual'], { edits: new Map([[down, matrix.data]]) })
        expect(worst(replaced.residual, [...unedited.residual.data])).toBeLessThan(1e-5)

        const changed = matrix.data.map((x, i) => x + (i % 7) / 50)
        const { rows, cols } = matrix
        const inFile =
          layout === 'out-in' ? changed : changed.map((_, i) => changed[(i % rows) * cols + Math.floor(i / rows)])
        const edited: Weights = (name) => (name === down ? { ...weights(name), data: inFile } : weights(name))
        const out = await runtime.run(batch, ['residual'], { edits: new Map([[down, changed]]) })
        expect(worst(out.residual, recipe.forward(recipe.config, edited, ids).residuals.at(-1) ?? [])).toBeLessThan(
          1e-3,
        )
      },
      dense ? [down] : [],
    )
  })
})

/** down_proj's input as the tap `z` gives it, in float64. */
function asAdded(config: ModelConfig, weights: Weights, layer: number, z: number[]): number[] {
  const { name, norm } = downProjOf(config, layer)
  const y = norm === null ? [] : linear(weights(name), z)
  const rms = Math.sqrt(y.reduce((sum, x) => sum + x * x, 0) / y.length + config.normEpsilon)
  return z.map((x) => (x * config.residualScale) / (norm === null ? 1 : rms))
}

/** The logits of a residual by `Runtime.head`, in float64. */
function logitsOf({ gain, shift, centred, epsilon, unembedding, cap }: Head, residual: readonly number[]): number[] {
  const mean = centred ? residual.reduce((a, b) => a + b, 0) / residual.length : 0
  const y = residual.map((x) => x - mean)
  const scale = Math.sqrt(y.reduce((sum, x) => sum + x * x, 0) / y.length + epsilon)
  const normed = y.map((x, i) => (x / scale) * gain[i] + (shift?.[i] ?? 0))
  return Array.from({ length: unembedding.rows }, (_, i) => {
    const logit = normed.reduce((sum, x, j) => sum + x * unembedding.data[i * unembedding.cols + j], 0)
    return cap === null ? logit : cap * Math.tanh(logit / cap)
  })
}

test('behavior: five shards of bfloat16 and one file of float32 give the same tokens', async () => {
  const { files, weights } = randomModel(recipes.qwen2, 'BF16', 5)
  expect(files.length).toBe(6)
  const float32 = recipes.qwen2.shapes.map(([name, shape]) => {
    return { name, dtype: 'F32', shape, data: fromFloat32(Float32Array.from(weights(name).data), 'F32') }
  })
  const tokens = (folder: readonly NamedBytes[]) => opened(folder, (runtime) => runtime.generate(batch, 16, argmax))
  expect(await tokens([files[0], safetensors('model.safetensors', float32)])).toEqual(await tokens(files))
})
