import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { baseDigest } from '../lib/fingerprint/edit/base-digest'
import { defaultLayers } from '../lib/fingerprint/edit/layers'
import { decodePreparation, encodePreparation } from '../lib/fingerprint/format/preparation'
import { foldedHead, rms } from '../lib/fingerprint/head/head'
import { isDisclosed } from '../lib/fingerprint/keyset/is-disclosed'
import { row, takeRows, zeros } from '../lib/fingerprint/linear/matrix'
import { mint } from '../lib/fingerprint/mint'
import { promptLengths } from '../lib/fingerprint/near-ties/choose-near-ties'
import { batchesOf, runKeys, takeKeys } from '../lib/fingerprint/near-ties/near-tie-keys'
import { type TieWriting, tieKernel } from '../lib/fingerprint/near-ties/tie-writing'
import { checkBase } from '../lib/fingerprint/quality/check-base'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { openForFingerprinting } from '../lib/inference/node/open-for-fingerprinting'

/**
 * Measures a mint of a large model without the hours of its preparation: `bench:stand-in -- prepare|mint FOLDER FILE [--keys N]`.
 * The stand-in for a preparation has prompts of random tokens. Of these the 64 surest have edits that make them lean, so
 * that questions name the copy, and the others none. All its sizes are those of a preparation.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { keys: { type: 'string', default: '1536' } },
})
const [step, folder, file] = positionals
const count = Number(values.keys)
const surestKeys = 64
const secret = new Uint8Array(32).fill(1)
/** Random weights are no reason to stop. */
const limits = { agreement: 0, int8: 0, int4: 0, deltaLoss: Infinity, kl: Infinity }
const started = performance.now()
const lap = (name: string) => {
  const { user, system } = process.cpuUsage()
  const [seconds, cpu] = [(performance.now() - started) / 1000, (user + system) / 1e6]
  console.log(`${name}: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of processor time`)
}
const { layers, dtype, open } = await openForFingerprinting(folder, defaultLayers)
const runtime = await open()
if (step === 'prepare') await prepareStandIn()
else await mintStandIn()
await runtime.close()

async function prepareStandIn() {
  const { vocab, hidden, ff } = runtime.shape
  const random = seededRandom(new Uint8Array(16).fill(5))
  const token = () => Math.floor(random() * vocab)
  const tokens = (length: number) => Int32Array.from({ length }, token)
  const keys = {
    prompts: batchesOf(
      Array.from({ length: count }, (_, k) => tokens(promptLengths[Math.floor((k * promptLengths.length) / count)])),
    ),
    pairs: Uint32Array.from({ length: 2 * count }, token),
    gaps: new Float64Array(count),
    texts: null,
  }
  const secrets = Array.from(keys.gaps, (_, k) => k).filter((k) => !isDisclosed(k))
  const surest = Array.from({ length: surestKeys }, (_, i) => secrets[Math.floor((i * secrets.length) / surestKeys)])
  const some = takeKeys(keys, surest)
  const head = await foldedHead(runtime)
  const taps = layers.map((layer) => `z.${layer}` as const)
  const out = await runKeys(runtime, some, ['residual', ...taps])
  const inputs = taps.map((tap) => out[tap])
  const own: TieWriting = {
    moves: takeRows(
      head.unembedding,
      some.pairs.filter((_, i) => i % 2 === 0),
    ),
    solvers: inputs.map((input) => takeRows(input, [...surest.keys()])),
  }
  for (const [i, k] of surest.entries()) {
    const [move, rival] = [row(own.moves, i), row(head.unembedding, keys.pairs[2 * k + 1])]
    const scale = 1 / rms(row(out.residual, i), head.epsilon)
    for (let j = 0; j < hidden; j++) move[j] = scale * (move[j] - rival[j])
    for (let j = 0; j < hidden; j++) keys.gaps[k] += move[j] * row(out.residual, i)[j]
  }
  const states = { residuals: out.residual, inputs }
  const { matmul } = runtime
  for (const [i, x] of diagonal(await tieKernel({ matmul, head }, some, states, own)).entries()) {
    const move = row(own.moves, i)
    for (let j = 0; j < hidden; j++) move[j] /= x
  }
  const ofSome = await tieKernel({ matmul, head }, some, states, own)
  const kernel = zeros(count, count)
  for (let k = 0; k < count; k++) kernel.data[k * count + k] = 1
  const moves = zeros(count, hidden)
  const solvers = layers.map(() => zeros(count, ff))
  for (const [i, k] of surest.entries()) {
    for (const [j, other] of surest.entries()) kernel.data[k * count + other] = row(ofSome, i)[j]
    row(moves, k).set(row(own.moves, i))
    for (const [n, solver] of solvers.entries()) row(solver, k).set(row(own.solvers[n], i))
  }
  const shifts = new Float64Array(count).fill(0.1)
  for (const k of surest) shifts[k] = 1
  const channel = { differences: new Float64Array(count), shifts, noise: 0.5 }
  const heldOut = { ids: tokens(64 * 64), rows: 64, length: 64 }
  const base = await checkBase(runtime, { secret, keys, channel, heldOut })
  const bytes = encodePreparation({
    ...{ secret, keys, layers, kernel, channel, heldOut, base, baseLoss: 0, seconds: {} },
    ...{ writing: { moves, solvers }, margins: new Float64Array(count).fill(2) },
    ...{ pilot: { agreement: 1, deltaLoss: 0 }, baseDigest: await baseDigest(runtime, layers) },
  })
  await writeFile(file, bytes)
  lap(`a stand-in of ${(bytes.length / 1e6).toFixed(0)} MB`)
}

function diagonal({ data, rows }: { data: Float32Array; rows: number }): number[] {
  return Array.from({ length: rows }, (_, i) => data[i * rows + i])
}

async function mintStandIn() {
  const preparation = decodePreparation(await readFile(file))
  lap('preparation')
  let last = ''
  const { report } = await mint(runtime, preparation, {
    ...{ copyId: '1', buyerSeed: secret, dtype, limits },
    onProgress({ stage, step }) {
      if (`${stage} ${step}` === last) return
      last = `${stage} ${step}`
      lap(`until ${last}`)
    },
  })
  const peak = /^VmHWM:\s+(\d+)/m.exec(await readFile('/proc/self/status', 'utf8').catch(() => ''))?.[1]
  lap(`all; ${report.questions} questions, ${Number(peak) / 1000} MB at most`)
}
