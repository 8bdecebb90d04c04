import { InferenceSession } from 'onnxruntime-node'
import { messageOf } from '../lib/error'
import type { Engine } from '../lib/inference/engine'
import { nodeEngine } from '../lib/inference/node/node-engine'
import { sessionRuntime } from '../lib/inference/session-runtime'
import { loadWeightBuffers, planWeightBuffers } from '../lib/inference/weight-buffers'
import type { NamedBytes } from '../lib/weights/bytes'
import { inspectWeights } from '../lib/weights/inspect-weights'
import type { TensorTable } from '../lib/weights/tensor'
import { randomModel } from '../test/reference/random-model'
import { type Recipe, recipes } from '../test/reference/recipes'

/**
 * Measures the error of logits computed in half precision against a float64 reference, for a random model of each family:
 * on the CPU, which rounds inputs and outputs, and on WebGPU, which rounds every sum too, where onnxruntime-node finds an
 * adapter with half precision: `npm run bench:fp16`.
 */

// Node-API does not support Float16Array yet: onnxruntime-node would see an empty tensor.
Reflect.deleteProperty(globalThis, 'Float16Array')

const limit = 2e-2
const ids = [3, 14, 15, 92, 65, 35, 89, 79, 32, 38, 46, 26, 43, 38, 32, 79]
const backends = ['cpu', 'webgpu'] as const

console.log(`Largest error of a logit computed in half precision, as a share of the largest logit; limit ${limit}`)
console.log(`${''.padEnd(36)}${backends.map((backend) => backend.padStart(10)).join('')}`)
for (const [name, recipe] of Object.entries(recipes)) {
  const cells: string[] = []
  for (const backend of backends) cells.push(await measured(recipe, backend))
  console.log(`${name.padEnd(36)}${cells.map((cell) => cell.padStart(10)).join('')}`)
}

/** The largest error over four tokens, three of them with the cache. */
async function measured(recipe: Recipe, backend: (typeof backends)[number]): Promise<string> {
  const { files, weights } = randomModel(recipe, 'F16')
  const steps: { ids: number[]; logits: Float32Array }[] = []
  const pick = (logits: Float32Array) => {
    steps.push({ ids: [...ids, ...steps.map(({ logits }) => best(logits))], logits: logits.slice() })
    return Int32Array.of(best(logits))
  }
  const model = await inspectWeights(files)
  const runtime = sessionRuntime(halfEngine(backend, files, model.tensors), model, files, { tokensPerBatch: 512 })
  try {
    await runtime.generate({ ids: Int32Array.from(ids), rows: 1, length: ids.length }, 4, pick, {})
  } catch (error) {
    console.error(messageOf(error))
    return '–'
  } finally {
    await runtime.close()
  }
  const errors = steps.map(({ ids, logits }) =>
    errorOf(logits, recipe.forward(recipe.config, weights, ids).logits.at(-1)),
  )
  return Math.max(...errors.slice(0, isDynamic(recipe) ? 1 : errors.length)).toExponential(1)
}

/** An engine that stores the weights in memory in half precision and computes in it. */
function halfEngine(backend: Engine['backend'], files: readonly NamedBytes[], tensors: TensorTable): Engine {
  const plan = planWeightBuffers(tensors, () => false, 'F16')
  return {
    ...nodeEngine('.', files, tensors, 1),
    ...{ backend, weights: 'F16', generatePrecision: 'F16', tensors: plan.tensors },
    create: async (graph) =>
      InferenceSession.create(graph, {
        executionProviders: [backend],
        externalData: await loadWeightBuffers(plan, files),
        logSeverityLevel: 3,
      }),
  }
}

/** With dynamic RoPE, cached keys keep their old theta, so the reference, which has no cache, differs after the first token. */
function isDynamic({ config }: Recipe): boolean {
  return JSON.stringify(config).includes('"dynamic"')
}

function errorOf(logits: Float32Array, expected: readonly number[] = []): number {
  const largest = Math.max(...expected.map(Math.abs))
  return expected.reduce((most, x, i) => Math.max(most, Math.abs(x - logits[i])), 0) / largest
}

function best(logits: Float32Array): number {
  return logits.indexOf(Math.max(...logits))
}
