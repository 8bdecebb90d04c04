import { open, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { editedRows } from '../lib/fingerprint/edit/edit'
import { factor } from '../lib/fingerprint/linear/factor'
import { zeros } from '../lib/fingerprint/linear/matrix'
import { matrixTrace, square } from '../lib/fingerprint/linear/square'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { openMatmul } from '../lib/inference/node/matmul'
import type { Matmul, Matrix } from '../lib/inference/runtime'
import { fromFloat32, toFloat32 } from '../lib/weights/dtype/float32'

/** Measures preparing or minting one layer in a process of its own: `prepare|mint SHAPE KEYS FOLDER`. Prints JSON. */

export type LayerShape = { hidden: number; ff: number }

/** Hidden size and MLP size of the Llama 3 models. */
export const layerShapes: Record<string, LayerShape> = {
  '1B': { hidden: 2048, ff: 8192 },
  '8B': { hidden: 4096, ff: 14_336 },
  '70B': { hidden: 8192, ff: 28_672 },
  '405B': { hidden: 16_384, ff: 53_248 },
}

/** Seconds, and bytes beyond those of an idle process with the engine loaded. */
export type LayerFigures = {
  moments: number
  solver: number
  prepareBytes: number
  mint: number
  product: number
  write: number
  mintBytes: number
}

const positions = { measured: 1024, calibration: 16_384 }

/** Floating-point operations per layer. */
export function flops({ hidden, ff }: LayerShape, keys: number) {
  return {
    moments: 2 * positions.calibration * ff ** 2,
    solver: ff ** 3 / 3 + 4 * keys * ff ** 2,
    product: 2 * keys * hidden * ff,
  }
}

async function prepareLayer({ hidden, ff }: LayerShape, keys: number, folder: string) {
  const { matmul, close } = openMatmul(availableParallelism())
  const before = await idleBytes(matmul)
  const text = noise(positions.measured, ff, 1)
  const moment = square(ff)
  let started = performance.now()
  const gram = await matmul(text, text, 'a')
  for (let i = 0; i < gram.data.length; i++) moment.data[i] += gram.data[i] / positions.measured
  const moments = (seconds(started) * positions.calibration) / positions.measured
  started = performance.now()
  const { whole } = await factor(matmul, moment, 1, matrixTrace(moment) / ff)
  const solver = await whole(noise(keys, ff, 2))
  const solverSeconds = seconds(started)
  await writeFile(join(folder, 'solver'), bytesOf(solver))
  const tensor = await open(join(folder, 'base'), 'w')
  for (let from = 0; from < hidden; from += 256)
    await tensor.writeFile(fromFloat32(noise(256, ff, from + 3).data, 'F16'))
  await tensor.close()
  await close()
  return { moments, solver: solverSeconds, prepareBytes: peak() - before }
}

async function mintLayer({ hidden, ff }: LayerShape, keys: number, folder: string) {
  const { matmul, close } = openMatmul(availableParallelism())
  const before = await idleBytes(matmul)
  const { buffer, byteOffset } = await readFile(join(folder, 'solver'))
  const solver = { data: new Float32Array(buffer, byteOffset, keys * ff), rows: keys, cols: ff }
  const targets = noise(keys, hidden, 4)
  const base = await open(join(folder, 'base'))
  const out = await open(join(folder, 'copy'), 'w')
  const baseRows = async (from: number, to: number) => {
    const bytes = new Uint8Array(2 * (to - from) * ff)
    await base.read(bytes, 0, bytes.length, 2 * from * ff)
    return toFloat32(bytes, 'F16')
  }
  let [write, product] = [0, 0]
  const started = performance.now()
  for await (const { bytes, productSeconds } of editedRows(matmul, baseRows, targets, solver, 'F16')) {
    product += productSeconds
    const writeStarted = performance.now()
    await out.writeFile(bytes)
    write += seconds(writeStarted)
  }
  const syncStarted = performance.now()
  await out.sync()
  write += seconds(syncStarted)
  const mint = seconds(started) - write
  await Promise.all([base.close(), out.close(), close()])
  return { mint, product, write, mintBytes: peak() - before }
}

/** Resident memory once the engine has run a small product. */
async function idleBytes(matmul: Matmul): Promise<number> {
  await matmul(zeros(8, 8), zeros(8, 8), 'a')
  return process.memoryUsage.rss()
}

function noise(rows: number, cols: number, seed: number): Matrix {
  const random = seededRandom(new Uint8Array(16).fill(seed % 251))
  const out = zeros(rows, cols)
  for (let i = 0; i < out.data.length; i++) out.data[i] = random() - 0.5
  return out
}

const bytesOf = ({ data }: Matrix) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
const seconds = (since: number) => (performance.now() - since) / 1000
const peak = () => 1024 * process.resourceUsage().maxRSS

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [part, name, keys, folder] = process.argv.slice(2)
  const work = part === 'prepare' ? prepareLayer : mintLayer
  console.log(JSON.stringify(await work(layerShapes[name], Number(keys), folder)))
}
