import { sentenceOf } from '../lib/error'
import { controllerKit } from '../lib/fingerprint/kit'
import { defaultLayers } from '../lib/fingerprint/layers'
import { type Mint, mint } from '../lib/fingerprint/mint'
import type { Preparation } from '../lib/fingerprint/preparation'
import { prepare } from '../lib/fingerprint/prepare'
import { modelSecret } from '../lib/fingerprint/secrets'
import { verify } from '../lib/fingerprint/verify'
import { folderFiles } from '../lib/inference/folder'
import { openNodeRuntime } from '../lib/inference/open-node-runtime'
import type { Runtime } from '../lib/inference/runtime'
import type { WeightDtype } from '../lib/weights/dtype'
import { inspectModel } from '../lib/weights/open-model'
import { writerOf } from '../lib/weights/tensor-names'
import { widen } from '../lib/weights/widen'

/** What it costs to prepare a model and to mint copies of it, what that does to the model, and who is named when copies are averaged. */

/** Not run here: PyTorch, Adam at 1e-3 on every weight, one core, the same 128 keys and responses of `tiny` as one copy's. */
const recorded = `
Recorded for comparison: fine-tuning (SFT) on 128 (key, response) pairs of the 2 M-parameter tiny, a run for every copy.

| method | s a copy | success | Δloss |
|---|---|---|---|
| SFT, averaged with the base by 0.25 a step, 40 epochs | 21.8 | 1.000 | +0.215 |
| SFT, averaged with the base by 0.1 a step, 40 epochs | 18.1 | 1.000 | +0.231 |
| SFT, 7 epochs | 3.1 | 1.000 | +0.553 |
| SFT, 4 epochs | 1.6 | 0.930 | +0.288 |

Its Δloss is on a held-out novel, where a Kinmark copy with these pairs has +0.057; the table above is on the model's own text.`

const [folder = 'public/models/tiny', ...counts] = process.argv.slice(2)
const sizes = counts.length > 0 ? counts.map(Number) : [64, 128, 256]
const copyCount = 6
const coalitionSizes = [2, 3]

const model = await inspectModel(await folderFiles(folder))
const editable = defaultLayers(model.config.layers).map((layer) => writerOf(model.config, layer).name)
const dtype = model.tensors.get(editable[0])?.dtype as WeightDtype
const runtime = await openNodeRuntime(folder, { editable })
const copies = Array.from({ length: copyCount }, (_, i) => ({
  copyId: `${i + 1}`,
  buyerSeed: new Uint8Array(32).fill(i),
}))

type Outcome = { keys: number; preparation: Preparation; minted: Mint[] } | { keys: number; refused: string }
const outcomes: Outcome[] = []
for (const keys of sizes) {
  try {
    const preparation = await prepare(runtime, { secret: modelSecret(new Uint8Array(32), `bench ${keys}`), keys })
    const minted: Mint[] = []
    for (const copy of copies) minted.push(await mint(runtime, preparation, { ...copy, dtype }))
    outcomes.push({ keys, preparation, minted })
  } catch (error) {
    outcomes.push({ keys, refused: sentenceOf(error) })
  }
}

/** A runtime with the mean of some copies' edited tensors: what a coalition would publish. */
function averaged(coalition: readonly Mint[]): Runtime {
  const edits = new Map<string, Float32Array>()
  for (const name of editable) {
    const parts = coalition.map(({ edits }) => widen(edits.get(name) as Uint8Array, dtype))
    edits.set(
      name,
      parts[0].map((_, i) => parts.reduce((sum, part) => sum + part[i], 0) / parts.length),
    )
  }
  return { ...runtime, run: (batch, taps, options) => runtime.run(batch, taps, { ...options, edits }) }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
const line = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)
const rule = (columns: number) => console.log(`|${'---|'.repeat(columns)}`)

console.log(
  `${folder}: ${model.parameters.toLocaleString('en')} parameters, ${editable.length} layers edited, ${copyCount} copies each\n`,
)
line('keys', 'prepare, s', 'mint, s', 'products, s', 'success', 'Δloss', 'KL', 'margin')
rule(8)
for (const outcome of outcomes) {
  if ('refused' in outcome) {
    line(outcome.keys, outcome.refused)
    continue
  }
  const { keys, preparation, minted } = outcome
  const reports = minted.map(({ report }) => report)
  line(
    keys,
    reports[0].prepareSeconds.toFixed(1),
    median(reports.map((report) => report.mintSeconds)).toFixed(3),
    median(minted.map((copy) => copy.productSeconds)).toFixed(3),
    Math.min(...reports.map((report) => report.success)).toFixed(3),
    signed(Math.max(...reports.map((report) => report.deltaLoss))),
    Math.max(...reports.map((report) => report.kl)).toFixed(3),
    preparation.margin,
  )
}
console.log('\nTimes are medians over the copies; success is the worst, Δloss and KL (nats per token) the largest.')
console.log(recorded)

console.log('\nWhere preparing spends its time, in seconds:\n')
const done = outcomes.filter((outcome) => 'minted' in outcome)
line('step', ...done.map(({ keys }) => `${keys} keys`))
rule(done.length + 1)
for (const step of Object.keys(done[0]?.preparation.seconds ?? {}))
  line(step, ...done.map(({ preparation }) => preparation.seconds[step].toFixed(2)))

console.log('\nCopies whose weights are averaged, over every coalition of neighbours:\n')
line('keys', 'coalition', 'secret keys answered', 'at least one member named', 'innocents named')
rule(5)
for (const { keys, preparation, minted } of done)
  for (const size of coalitionSizes) {
    const kit = controllerKit(preparation, copies)
    let [answered, caught, innocents] = [0, 0, 0]
    for (let first = 0; first < copyCount; first++) {
      const members = Array.from({ length: size }, (_, i) => (first + i) % copyCount)
      const { hits, tested, accused } = await verify(averaged(members.map((i) => minted[i])), kit)
      const guilty = accused.filter(({ copyId }) => members.includes(Number(copyId) - 1))
      answered += hits / tested / copyCount
      if (guilty.length > 0) caught++
      innocents += accused.length - guilty.length
    }
    line(keys, size, `${(100 * answered).toFixed(1)} %`, `${caught} of ${copyCount}`, innocents)
  }
await runtime.close()
