import { parseArgs } from 'node:util'
import { defaultLayers } from '../lib/fingerprint/edit/layers'
import { batchOf } from '../lib/fingerprint/keys/batch'
import { formatSigned } from '../lib/format/numbers'
import { folderFiles } from '../lib/inference/node/folder'
import { openForFingerprinting } from '../lib/inference/node/open-for-fingerprinting'
import type { Runtime, TokenBatch } from '../lib/inference/runtime'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { nearTies } from './attack/methods'
import { heldOutText, tokensIn } from './attack/texts'
import { onEach, type Weights } from './attack/weights'
import { keepSessions } from './marked/keep-sessions'
import { withEdits } from './marked/open-marked'
import { provenance, tableOf } from './marked/print'

/**
 * Copies like those that bench:attacks attacks add loss on three texts: on the model’s own, which the margin is chosen by, on
 * the parts of a novel that the attacks are priced by, and on all of it. Errors are standard errors over rows. A text that the
 * model does not fit has a slope in the direction of the edits: it gains by a copy what it loses by the opposite one. Half the
 * sum of both is what fingerprints cost, half the difference is that slope.
 */

const { values: given } = parseArgs({
  options: {
    folder: { type: 'string', default: 'public/models/tiny' },
    /** A text that the model has not read. */
    held: { type: 'string' },
    copies: { type: 'string', default: '5' },
    keys: { type: 'string' },
    kept: { type: 'string' },
    threads: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
if (!given.held) throw new Error('Name a text that the model has not read: --held FILE')
/** Tokens of a row; its first one is not predicted. Rows that are read at once. */
const [length, rowsAtOnce] = [129, 64]
const limits = { narrow: 0.05, wide: 0.01 }

const tokenizer = await openTokenizer(await folderFiles(given.folder))
const { dtype, open } = await openForFingerprinting(given.folder, defaultLayers)
const runtime = await keepSessions(() => open({ threads: Number(given.threads) }))
const count = Number(given.copies)
const { copies, deltaLoss, preparation } = await nearTies(
  { runtime, dtype },
  { keys: given.keys ? Number(given.keys) : undefined, copies: count, books: count, kept: given.kept },
)
const parts = await heldOutText(runtime, given.held, tokenizer)
const ids = (await tokensIn(given.held, tokenizer)) as number[]
const starts = Array.from({ length: Math.floor(ids.length / length) }, (_, row) => row * length)
const whole: TokenBatch[] = []
for (let from = 0; from < starts.length; from += rowsAtOnce)
  whole.push(batchOf(starts.slice(from, from + rowsAtOnce).map((at) => ids.slice(at, at + length))))
const [baseOfParts, baseOfWhole] = [await rowLosses(runtime, [parts]), await rowLosses(runtime, whole)]
const rows: { copy: number; own: number; parts: Estimate; whole: Estimate; opposite: Estimate }[] = []
for (const [i, copy] of copies.entries()) {
  const harmOf = async (weights: Weights, text: readonly TokenBatch[], base: readonly number[]) =>
    differences(await rowLosses(withEdits(runtime, weights), text), base)
  const ofParts = await harmOf(copy, [parts], baseOfParts)
  const ofWhole = await harmOf(copy, whole, baseOfWhole)
  const opposite = await harmOf(await mirrored(copy), whole, baseOfWhole)
  rows.push({ copy: i + 1, own: deltaLoss[i], parts: ofParts, whole: ofWhole, opposite })
}
const cost = ({ whole, opposite }: (typeof rows)[number]) => (whole.mean + opposite.mean) / 2
const limit = runtime.shape.ff < 2048 ? limits.narrow : limits.wide
const tokens = { parts: parts.rows * (parts.length - 1), whole: baseOfWhole.length * (length - 1) }
const mean = (of: (row: (typeof rows)[number]) => number) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length
if (given.json) console.log(JSON.stringify({ tokens, limit, keys: preparation.keys.gaps.length, rows }, null, 2))
else {
  const signed = (x: number) => formatSigned(x, 4)
  const withError = ({ mean, error }: Estimate) => `${signed(mean)} ± ${error.toFixed(4)}`
  console.log(
    `${provenance()} ${preparation.keys.gaps.length.toLocaleString('en')} keys. Added loss, nats per token, with its standard error; the limit on a text that the model has not read is ${signed(limit)}.\n`,
  )
  const tokensOf = (n: number) => `${n.toLocaleString('en')} tokens`
  console.log(
    tableOf(
      [
        ...['copy', 'the model’s own text', `random parts, ${tokensOf(tokens.parts)}`],
        ...[`the whole text, ${tokensOf(tokens.whole)}`, 'the opposite copy', 'half of both'],
      ],
      [
        ...rows.map((row) => [
          ...[row.copy, signed(row.own), withError(row.parts), withError(row.whole), withError(row.opposite)],
          signed(cost(row)),
        ]),
        [
          ...['mean', signed(mean(({ own }) => own)), signed(mean((row) => row.parts.mean))],
          ...[signed(mean((row) => row.whole.mean)), signed(mean((row) => row.opposite.mean)), signed(mean(cost))],
        ],
      ],
    ),
  )
}
process.exit(0)

type Estimate = { mean: number; error: number }

/** The copy whose edits have the opposite sign. */
function mirrored(copy: Weights): Promise<Weights> {
  return onEach(runtime, copy, [...copy.keys()], async (edited, name) => {
    const base = await runtime.tensor(name)
    return { ...edited, data: edited.data.map((w, i) => 2 * base.data[i] - w) }
  })
}

/** Mean loss of each row, nats per token. */
async function rowLosses({ run }: Runtime, batches: readonly TokenBatch[]): Promise<number[]> {
  const losses: number[] = []
  for (const batch of batches) {
    const { nll } = await run(batch, ['nll'])
    const width = batch.length - 1
    for (let r = 0; r < batch.rows; r++) {
      let sum = 0
      for (let t = 0; t < width; t++) sum += nll.data[r * width + t]
      losses.push(sum / width)
    }
  }
  return losses
}

/** The mean of paired differences, and its standard error. */
function differences(after: readonly number[], before: readonly number[]): Estimate {
  const each = after.map((x, i) => x - before[i])
  const mean = each.reduce((sum, x) => sum + x, 0) / each.length
  const variance = each.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (each.length - 1)
  return { mean, error: Math.sqrt(variance / each.length) }
}
