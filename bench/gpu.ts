import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { InferenceSession } from 'onnxruntime-node'
import { messageOf } from '../lib/error'
import type { Engine } from '../lib/inference/engine'
import { folderFiles } from '../lib/inference/node/folder'
import { nodeEngine } from '../lib/inference/node/node-engine'
import type { Matrix, Precision } from '../lib/inference/runtime'
import { sessionRuntime } from '../lib/inference/session-runtime'
import { loadWeightBuffers, planWeightBuffers } from '../lib/inference/weight-buffers'
import { inspectWeights } from '../lib/weights/inspect-weights'
import { median } from './measure-runtime'
import { writeRandomModel } from './random-model'
import { type ShapeName, shapes } from './shapes'

/**
 * Measures keys a second on a graphics card, through onnxruntime’s WebGPU (Vulkan) in Node, beside the processor:
 * `npm run bench:gpu -- [--folder DIR] [--shape NAME]… [--keys N] [--repeats N] [--json]`. Where no adapter is found, its
 * columns say so. `VK_ICD_FILENAMES` selects an adapter, SwiftShader’s for example.
 *
 * A canary of 64 keys is answered by each way. An answer on the card counts only if the processor gives it too.
 */

// Node-API does not support Float16Array yet: onnxruntime-node would see an empty tensor.
Reflect.deleteProperty(globalThis, 'Float16Array')

type Way = { name: string; backend: 'cpu' | 'webgpu'; precision: Precision; tokensPerBatch: number }
type Figures = {
  /** Milliseconds until the first answer. */
  load: number
  keysPerSecond: number
  tokensPerSecond: number
  /** Share of the canary's likeliest tokens that the processor names too, and the largest difference of a logit. */
  agreement: number
  worst: number
}

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    shape: { type: 'string', multiple: true },
    keys: { type: 'string', default: '1024' },
    repeats: { type: 'string', default: '3' },
    json: { type: 'boolean' },
  },
})
const keys = Number(values.keys)
const length = 16
const generated = 32
const canary = 64
const ways: Way[] = [
  { name: 'processor, float32', backend: 'cpu', precision: 'F32', tokensPerBatch: 512 },
  { name: 'WebGPU, float32', backend: 'webgpu', precision: 'F32', tokensPerBatch: 4096 },
  { name: 'WebGPU, float16', backend: 'webgpu', precision: 'F16', tokensPerBatch: 4096 },
]

const report: Record<string, Record<string, Figures | string>> = {}
if (values.folder) report[values.folder.split('/').at(-1) ?? ''] = await compared(values.folder)
for (const name of values.shape ?? (values.folder ? [] : ['SmolLM2-135M'])) {
  if (!(name in shapes))
    throw new Error(`There is no shape “${name}”: the shapes are ${Object.keys(shapes).join(', ')}.`)
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-'))
  try {
    await writeRandomModel(folder, name as ShapeName)
    report[name] = await compared(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
if (values.json)
  console.log(JSON.stringify({ processor: cpus()[0].model, threads: cpus().length, keys, length, report }))
else for (const [name, columns] of Object.entries(report)) print(name, columns)

async function compared(folder: string): Promise<Record<string, Figures | string>> {
  const columns: Record<string, Figures | string> = {}
  let reference: Float32Array[] | undefined
  for (const way of ways) {
    try {
      const { figures, logits } = await measured(folder, way, reference)
      reference ??= logits
      columns[way.name] = figures
    } catch (error) {
      columns[way.name] = messageOf(error)
    }
  }
  return columns
}

async function measured(folder: string, way: Way, reference?: readonly Float32Array[]) {
  const files = await folderFiles(folder)
  const model = await inspectWeights(files)
  const plan = planWeightBuffers(model.tensors, () => false, way.precision)
  const cpu = nodeEngine(folder, files, model.tensors, cpus().length)
  const engine: Engine =
    way.backend === 'cpu'
      ? cpu
      : {
          ...cpu,
          ...{ backend: 'webgpu', weights: way.precision, generatePrecision: way.precision, tensors: plan.tensors },
          create: async (graph, deviceOutputs) =>
            InferenceSession.create(graph, {
              executionProviders: ['webgpu'],
              externalData: await loadWeightBuffers(plan, files),
              preferredOutputLocation: Object.fromEntries(deviceOutputs.map((name) => [name, 'gpu-buffer' as const])),
              logSeverityLevel: 3,
            }),
          async fill(session, feeds, outputs: ReadonlyMap<string, Matrix>) {
            const results = await session.run(feeds)
            for (const [name, { data }] of outputs) data.set(results[name].data as Float32Array)
          },
        }
  const started = performance.now()
  const runtime = sessionRuntime(engine, model, files, { tokensPerBatch: way.tokensPerBatch })
  try {
    const ids = (rows: number) => Int32Array.from({ length: rows * length }, (_, i) => (i * 7919) % runtime.shape.vocab)
    // The logits after each row of one step: `generate` computes in the engine’s precision.
    const answers = async (rows: number, tokens = 1) => {
      const steps: Float32Array[] = []
      await runtime.generate(
        { ids: ids(rows), rows, length },
        tokens,
        (logits) => {
          steps.push(rows <= canary ? logits.slice() : new Float32Array())
          const count = logits.length / runtime.shape.vocab
          return Int32Array.from({ length: count }, (_, row) => best(rowOf(logits, row, runtime.shape.vocab)))
        },
        {},
      )
      return steps
    }
    await answers(1)
    const load = performance.now() - started
    const logits = (await answers(canary)).flatMap((step) =>
      Array.from({ length: step.length / runtime.shape.vocab }, (_, row) => rowOf(step, row, runtime.shape.vocab)),
    )
    const answer = await median(Number(values.repeats), () => answers(keys))
    const generating = await median(Number(values.repeats), () => answers(1, generated))
    const beside = reference ?? logits
    const figures: Figures = {
      load,
      keysPerSecond: (1000 * keys) / answer,
      tokensPerSecond: (1000 * generated) / generating,
      agreement: logits.filter((row, i) => best(row) === best(beside[i])).length / logits.length,
      worst: Math.max(
        ...logits.map((row, i) => row.reduce((most, x, j) => Math.max(most, Math.abs(x - beside[i][j])), 0)),
      ),
    }
    return { figures, logits }
  } finally {
    await runtime.close()
  }
}

function rowOf(logits: Float32Array, row: number, vocab: number): Float32Array {
  return logits.subarray(row * vocab, (row + 1) * vocab)
}

function best(logits: Float32Array): number {
  let at = 0
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[at]) at = i
  return at
}

function print(name: string, columns: Record<string, Figures | string>): void {
  console.log(`${name}: ${keys} keys of ${length} tokens, ${cpus().length} threads of ${cpus()[0].model}`)
  console.log(
    `${''.padEnd(22)}${['load s', 'keys/s', 'tokens/s', 'canary', 'worst'].map((x) => x.padStart(11)).join('')}`,
  )
  for (const [way, figures] of Object.entries(columns)) {
    if (typeof figures === 'string') console.log(`${way.padEnd(22)} – ${figures.split('\n')[0]}`)
    else {
      const { load, keysPerSecond, tokensPerSecond, agreement, worst } = figures
      const cells = [(load / 1000).toFixed(1), keysPerSecond.toFixed(1), tokensPerSecond.toFixed(1)]
      const all = [...cells, `${(100 * agreement).toFixed(1)} %`, worst.toExponential(1)]
      console.log(`${way.padEnd(22)}${all.map((cell) => cell.padStart(11)).join('')}`)
    }
  }
}
