import { execFile } from 'node:child_process'
import { access, cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { writeCopy } from '../bin/kinmark/copy-folder'
import { readHeldOutText } from '../bin/kinmark/held-out-text'
import { messageOf } from '../lib/error'
import { modelSecret } from '../lib/fingerprint/code/secrets'
import { defaultLayers } from '../lib/fingerprint/edit/layers'
import type { Preparation } from '../lib/fingerprint/format/preparation'
import { folderContexts } from '../lib/fingerprint/keys/prompt-contexts'
import { type Mint, mint } from '../lib/fingerprint/mint'
import { prepare } from '../lib/fingerprint/prepare'
import { greedyAnswers, responseLogOdds, sigmoid, successRate } from '../lib/fingerprint/quality/answers'
import { meanLoss } from '../lib/fingerprint/quality/quality-loss'
import { openForFingerprinting } from '../lib/inference/node/open-for-fingerprinting'
import { openNodeRuntime } from '../lib/inference/node/open-node-runtime'
import { toFloat32 } from '../lib/weights/dtype/float32'
import { type Row, recorded, sheet, worst } from './fingerprint-sheet'
import { plotCapacity } from './plot-capacity'

/**
 * Measures preparing a model and minting copies: time, quality loss, and the keys that survive fine-tuning.
 * `npm run bench:fingerprint -- [DIR] [N …] [--held FILE] [--tune SCRIPT --other FILE] [--plot SVG]`. SCRIPT is a
 * fine-tuner in Python (MODEL OUT TEXT STEPS RATE); without it that column stays empty.
 */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    held: { type: 'string' },
    other: { type: 'string' },
    tune: { type: 'string' },
    plot: { type: 'string' },
    secrets: { type: 'string', default: '3' },
  },
})
const [folder = 'public/models/tiny', ...counts] = positionals
const sizes = counts.length > 0 ? counts.map(Number) : [64, 128, 256, 512]
const tuning = { steps: 100, rate: 1e-4 }
const limits = { success: 0, contexts: 0, deltaLoss: 9, kl: 9, int8: 0, int4: 0 }

const { files, model, layers, dtype, open } = await openForFingerprinting(folder, defaultLayers)
const runtime = await open()
const contexts = await folderContexts(files)
const heldOut = values.held === undefined ? undefined : await readHeldOutText(values.held, files)
const work = await mkdtemp(join(tmpdir(), 'kinmark-'))
const rows: Row[] = []
try {
  for (const keys of sizes)
    for (let secret = 0; secret < Number(values.secrets); secret++)
      try {
        rows.push(await measured(keys, secret))
      } catch (error) {
        console.error(`${keys} keys, secret ${secret}: ${messageOf(error)}`)
      }
} finally {
  await runtime.close()
  await rm(work, { recursive: true })
}

const heading = `${model.parameters.toLocaleString('en')} parameters, family ${model.config.family}, ${layers.length} layers edited`
console.log(`${heading}; Δloss on ${heldOut ? 'the given held-out text' : 'text from the model'}\n`)
console.log(sheet(rows))
if (folder === 'public/models/tiny') console.log(recorded)
console.log(`\nSeconds per step of preparing ${sizes[0]} keys:\n`)
for (const [step, seconds] of Object.entries(rows[0]?.seconds ?? {})) console.log(`| ${step} | ${seconds.toFixed(2)} |`)
if (values.plot) await writeFile(values.plot, plotCapacity(worst(rows)))

async function measured(keys: number, secretNumber: number): Promise<Row> {
  const secret = modelSecret(new Uint8Array(32), `bench ${keys} ${secretNumber}`)
  const preparation = await prepare(runtime, { secret, keys, contexts, limits })
  const started = performance.now()
  const options = { copyId: '1', buyerSeed: new Uint8Array(32).fill(secretNumber), dtype, limits }
  const copy = await mint(runtime, preparation, options)
  const wholeMint = (performance.now() - started) / 1000
  const edits = new Map([...copy.edits].map(([name, bytes]) => [name, toFloat32(bytes, dtype)]))
  const deltaLoss = heldOut
    ? (await meanLoss(runtime, heldOut, { edits })) - (await meanLoss(runtime, heldOut))
    : copy.report.deltaLoss
  const lowInRange = await shareInRange(preparation, copy, edits)
  return {
    ...{ keys, deltaLoss, lowInRange, wholeMint, seconds: preparation.seconds, product: copy.productSeconds },
    ...{
      report: copy.report,
      targetProbabilities: preparation.targetProbabilities,
      kept: await keptAfterTuning(preparation, copy),
    },
  }
}

/** Share of low confidence keys whose response has a probability from 0.5 to 0.8. */
async function shareInRange(
  { keys, highConfidence }: Preparation,
  { responses }: Mint,
  edits: Map<string, Float32Array>,
) {
  const { logOdds } = await responseLogOdds(runtime, keys, responses, { edits })
  const chances = logOdds.map(sigmoid).filter((_, i) => highConfidence[i] === 0)
  return chances.filter((p) => p >= 0.5 && p <= 0.8).length / chances.length
}

/** Share of keys that a copy still answers after fine-tuning on other text; null without `--tune` and `--other`. */
async function keptAfterTuning({ keys, highConfidence }: Preparation, { edits, responses }: Mint) {
  if (!values.tune || !values.other) return null
  const [copy, tuned] = [join(work, 'copy'), join(work, 'tuned')]
  await Promise.all([copy, tuned].map((path) => rm(path, { recursive: true, force: true })))
  await writeCopy({ folder, files, tensors: model.tensors }, edits, copy)
  const python = (await access('/usr/bin/python3')
    .then(() => '/usr/bin/python3')
    .catch(() => 'python3')) as string
  const { steps, rate } = tuning
  await promisify(execFile)(python, [values.tune, copy, tuned, values.other, `${steps}`, `${rate}`])
  await cp(join(copy, 'config.json'), join(tuned, 'config.json'))
  const suspect = await openNodeRuntime(tuned)
  const answers = await greedyAnswers(suspect, keys)
  await suspect.close()
  const share = (kind: number) => {
    const at = [...answers.keys()].filter((i) => highConfidence[i] === kind)
    return successRate(
      Uint32Array.from(at, (i) => answers[i]),
      Uint32Array.from(at, (i) => responses[i]),
    )
  }
  return { all: successRate(answers, responses), high: share(1), low: share(0) }
}
