import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeCopy } from '../bin/kinmark/copy-folder'
import { readHeldOutText } from '../bin/kinmark/held-out-text'
import { modelSecret } from '../lib/fingerprint/code/secrets'
import { defaultLayers } from '../lib/fingerprint/edit/layers'
import { openChatFrame } from '../lib/fingerprint/keys/chat-frame'
import { ownerKeySet } from '../lib/fingerprint/keyset/owner-key-set'
import { mint } from '../lib/fingerprint/mint'
import { prepare } from '../lib/fingerprint/prepare'
import { trace } from '../lib/fingerprint/trace'
import type { VotesAndLogOdds } from '../lib/fingerprint/verify'
import { formatSigned } from '../lib/format/numbers'
import { formatPercent } from '../lib/format/odds'
import { openForFingerprinting } from '../lib/inference/node/open-for-fingerprinting'
import { openTokenizer } from '../lib/weights/text/tokenizer'
import { inChromium } from './in-chromium'
import { buyers } from './marked/open-marked'
import { provenance, tableOf } from './marked/print'

/** How long it takes to prepare a model, to mint a copy with its checks, and to verify it in Chromium; and what a copy costs. */

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    held: { type: 'string' },
    secrets: { type: 'string', default: '1' },
    /** Leaves Chromium out. */
    node: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
const [folder = 'public/models/tiny', ...counts] = positionals
const sizes = counts.length > 0 ? counts.map(Number) : [undefined]

const { files, model, layers, dtype, open } = await openForFingerprinting(folder, defaultLayers)
const tokenizer = await openTokenizer(files)
const chat = await openChatFrame(files, tokenizer)
const heldOut = values.held === undefined ? undefined : await readHeldOutText(values.held, files)
const rows: Awaited<ReturnType<typeof measured>>[] = []
for (const keys of sizes)
  for (let secret = 0; secret < Number(values.secrets); secret++) rows.push(await measured(keys, secret))

if (values.json) console.log(JSON.stringify(rows, null, 2))
else {
  console.log(
    `${provenance()} ${model.parameters.toLocaleString('en')} parameters, family ${model.config.family}, ${layers.length} layers edited; Δloss on ${heldOut ? 'the given text' : 'text from the model'}.\n`,
  )
  const seconds = (x: number | null) => (x === null ? '–' : x.toFixed(1))
  const head = [
    ...[
      'keys',
      'prepare, s',
      'CPU s',
      'mint with checks, s',
      'CPU s',
      'of which products, s',
      'open in Chromium, s',
      'verify in Chromium, s',
    ],
    ...['match', 'int8', 'int4', 'questions', 'Δloss', 'KL', 'named'],
  ]
  console.log(
    tableOf(
      head,
      rows.map(({ report, ...row }) => [
        ...[
          row.keys,
          seconds(row.prepare),
          seconds(row.prepareCpu),
          seconds(row.mint),
          seconds(row.mintCpu),
          row.product.toFixed(3),
          seconds(row.open),
          seconds(row.ask),
        ],
        ...[report.agreement, report.rounded.int8, report.rounded.int4].map(formatPercent),
        ...[report.questions ?? '–', formatSigned(report.deltaLoss, 3), report.kl.toFixed(3), row.named ?? '–'],
      ]),
    ),
  )
  console.log(`\nSeconds per step of preparing ${rows[0].keys} keys:\n`)
  console.log(
    tableOf(
      ['step', 's'],
      Object.entries(rows[0].steps).map(([step, s]) => [step, s.toFixed(2)]),
    ),
  )
}

async function measured(wanted: number | undefined, secretNumber: number) {
  const secret = modelSecret(new Uint8Array(32), `bench ${secretNumber}`)
  let [started, used] = [performance.now(), process.cpuUsage()]
  const preparing = await open()
  const preparation = await prepare(preparing, { secret, keys: wanted, tokenizer, chat })
  await preparing.close()
  const [prepareSeconds, prepareCpu] = [(performance.now() - started) / 1000, cpuSeconds(used)]
  ;[started, used] = [performance.now(), process.cpuUsage()]
  const runtime = await open()
  const [copy] = buyers(1)
  const { edits, report, productSeconds } = await mint(runtime, preparation, { ...copy, dtype, heldOut })
  await runtime.close()
  const [mintSeconds, mintCpu] = [(performance.now() - started) / 1000, cpuSeconds(used)]
  const work = await mkdtemp(join(tmpdir(), 'kinmark-'))
  try {
    const out = join(work, 'copy')
    await writeCopy({ folder, files, tensors: model.tensors }, edits, out)
    const suspect = (await readdir(out)).map((name) => join(out, name))
    const page = values.node
      ? null
      : await inChromium<{ open: number; ask: number; given: VotesAndLogOdds }>(
          'bench/pages/verify.ts',
          suspect,
          ownerKeySet(preparation),
        )
    const accused = page && trace(preparation, buyers(10_000), page.given).accused.map(({ copyId }) => copyId)
    return {
      ...{ keys: preparation.keys.gaps.length, prepare: prepareSeconds, prepareCpu, steps: preparation.seconds },
      ...{ mint: mintSeconds, mintCpu, product: productSeconds },
      ...{ open: page?.open ?? null, ask: page?.ask ?? null, report, named: accused?.join() ?? null },
    }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Processor time of all threads, which a busy machine does not lengthen. */
function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}
