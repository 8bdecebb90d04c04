import { execFile } from 'node:child_process'
import { mkdtemp, open, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import * as onnxruntime from 'onnxruntime-node'
import { main } from '../bin/kinmark/main'
import { gemmCeiling } from './gemm-ceiling'
import { type Figures, median, middle, type Workload } from './measure-runtime'
import { writeRandomModel } from './random-model'
import { type Column, type Load, type Loaded, printSheet } from './runtime-sheet'
import { type ShapeName, shapes } from './shapes'

/**
 * Measures loading a model, answering keys of 16 tokens and generating, compared with transformers.js on the exported
 * model, with reading the file, and with the machine’s matrix products:
 * `npm run bench:runtime -- [SHAPE] [KEYS] [--repeats N] [--chromium]`.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { chromium: { type: 'boolean' }, repeats: { type: 'string', default: '3' } },
})
const run = promisify(execFile)
const [name = 'SmolLM2-135M', keys = '256'] = positionals as [ShapeName?, string?]
const workload: Workload = {
  rows: Number(keys),
  length: 16,
  repeats: Number(values.repeats),
  rowsPerCall: 64,
  generated: 32,
}
if (!(name in shapes)) throw new Error(`There is no shape “${name}”: the shapes are ${Object.keys(shapes).join(', ')}.`)

const work = await mkdtemp(join(tmpdir(), 'kinmark-'))
try {
  const folder = join(work, 'model')
  await writeRandomModel(folder, name)
  const exported = join(work, 'exported')
  const silent = { out: () => undefined, err: () => undefined, moving: false }
  if ((await main(['export', folder, '--out', exported], silent)) !== 0) throw new Error('The export failed.')
  const file = join(folder, 'model.safetensors')
  const { size } = await stat(file)
  const cold = await median(
    3,
    () => readThrough(file),
    () => dropFromCache(folder),
  )
  const reading: Load = { cold, warm: await median(3, () => readThrough(file)) }
  const baseline = values.chromium
    ? 0
    : (await child(['bench/baseline-memory.ts'], folder, workload)).peakBytes.answering
  const kinmark = values.chromium ? ['bench/measure-chromium.ts', 'kinmark'] : ['bench/measure-kinmark.ts']
  const transformers = values.chromium
    ? ['bench/measure-chromium.ts', 'transformers']
    : ['bench/measure-transformers.ts']
  const columns: Column[] = [
    ['kinmark', await measured(kinmark, folder, workload)],
    ['tf.js 64', await measured(transformers, exported, workload).catch(failed)],
    ['tf.js 1', await measured(transformers, exported, { ...workload, rowsPerCall: 1 }).catch(failed)],
  ]
  const ceiling = values.chromium
    ? await child<number>(['bench/measure-chromium.ts', 'ceiling'], folder, { shape: name })
    : await gemmCeiling(onnxruntime, name)
  printSheet(`${name}, random float32`, {
    size,
    reading,
    baseline,
    workload,
    inPage: Boolean(values.chromium),
    columns,
    ceiling,
  })
} finally {
  await rm(work, { recursive: true })
}

/** All figures, with loading from the disk and from the file cache. */
async function measured(script: string[], folder: string, workload: Workload): Promise<Loaded> {
  const loads: Load[] = []
  const loading = async () => (await child(script, folder, { ...workload, rows: 0 })).load
  for (let i = 0; i < workload.repeats; i++) {
    await dropFromCache(folder)
    loads.push({ cold: await loading(), warm: await loading() })
  }
  const load = { cold: middle(loads.map(({ cold }) => cold)), warm: middle(loads.map(({ warm }) => warm)) }
  return { ...(await child(script, folder, workload)), load }
}

function failed(error: Error): Loaded {
  console.error(`transformers.js failed: ${error.message.split('\n').find((line) => line.includes('Error')) ?? error}`)
  const none = Number.NaN
  return {
    load: { cold: none, warm: none },
    ...{ keysPerSecond: none, tokensPerSecond: none, peakBytes: { answering: none, generated: none } },
  }
}

async function child<T = Figures>([script, ...rest]: string[], folder: string, input: unknown): Promise<T> {
  const parameters = [script, folder, JSON.stringify(input), ...rest]
  const { stdout } = await run(process.execPath, ['--expose-gc', '--import', 'tsx', ...parameters])
  return JSON.parse(stdout)
}

/** Removes the files from the file cache (Linux only), so that they are read from the disk next time. */
async function dropFromCache(folder: string): Promise<void> {
  if (process.platform !== 'linux') return
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    await run('sync', [path])
    await run('dd', [`if=${path}`, 'iflag=nocache', 'count=0'])
  }
}

/** Reads a file to the end, 16 MiB at a time. */
async function readThrough(path: string): Promise<void> {
  const handle = await open(path)
  const buffer = new Uint8Array(2 ** 24)
  while ((await handle.read(buffer, 0, buffer.length, null)).bytesRead > 0);
  await handle.close()
}
