import { randomBytes } from 'node:crypto'
import { KinmarkError } from '../../lib/error'
import { mint as mintCopy } from '../../lib/fingerprint/mint'
import type { QualityReport } from '../../lib/fingerprint/quality/quality'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { formatSeconds } from '../../lib/format/moments'
import { formatSigned } from '../../lib/format/numbers'
import { formatPercent } from '../../lib/format/odds'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { assertFreeFolder, writeCopy } from './copy-folder'
import { assertFreeDelta, writeDelta } from './delta'
import { readHeldOutText } from './held-out-text'
import { bytes32, type CommandResult, required, type Values } from './options'
import { assertCopyId, readCopies, readPrep, recordCopy } from './prep-folder'
import { table } from './table'

export async function mint(folder: string, values: Values, options: ProgressOptions): Promise<CommandResult> {
  const [prep, copyId, out] = (['prep', 'copy', 'out'] as const).map((name) => required(values, name))
  assertCopyId(copyId)
  await (values.delta ? assertFreeDelta(out) : assertFreeFolder(out))
  const preparation = await readPrep(prep)
  const buyerSeed = await seedFor(prep, copyId, values.seed)
  const { files, model, dtype, open } = await openForFingerprinting(folder, () => preparation.layers)
  const heldOut = values.held === undefined ? undefined : await readHeldOutText(values.held, files)
  const runtime = await open()
  try {
    const copy = await mintCopy(runtime, preparation, { copyId, buyerSeed, dtype, heldOut, ...options })
    await recordCopy(prep, { copyId, buyerSeed })
    const started = performance.now()
    const base = { folder, files, tensors: model.tensors }
    await (values.delta ? writeDelta(base, copy.edits, out) : writeCopy(base, copy.edits, out))
    const writeSeconds = (performance.now() - started) / 1000
    const { report, fingerprintRoot, productSeconds } = copy
    const { deltaLoss, baseLoss, kl } = report
    const mintTime = `mint ${formatSeconds(report.mintSeconds)}, of which ${formatSeconds(productSeconds)} for matrix products`
    const text = table([
      ['copy', `${copyId} in ${out}`],
      ['keys', `${formatPercent(report.agreement)} of ${report.keys} lean as this copy’s bits say${sampleOf(report)}`],
      ['named', report.questions === null ? 'not by all of its keys' : `by ${report.questions} questions`],
      [
        'quality',
        `loss ${formatSigned(deltaLoss, 3)} (base ${baseLoss.toFixed(3)}), KL ${kl.toFixed(3)} nats per token`,
      ],
      ['edited', report.editedTensors.join(', ')],
      ['time', `${mintTime}; read the base and write the copy ${formatSeconds(writeSeconds)}`],
      ['root', fingerprintRoot],
    ])
    return { text, json: { copyId, out, fingerprintRoot, ...report, productSeconds, writeSeconds }, yes: true }
  } finally {
    await runtime.close()
  }
}

/** Says how many keys the share was measured on, and what that leaves open; nothing where all were asked. */
function sampleOf({ keys, sampled }: QualityReport): string {
  if (!sampled || sampled.keys === keys) return ''
  return ` (${sampled.keys} asked; of all, ${sampled.agreement.map(formatPercent).join(' to ')})`
}

/** The seed that the copy was first minted with, so that minting it again gives the same bytes; else `given` or a new one. */
async function seedFor(prep: string, copyId: string, given?: string): Promise<Uint8Array> {
  const seed = given === undefined ? undefined : bytes32(given, '--seed')
  const recorded = (await readCopies(prep)).find((copy) => copy.copyId === copyId)?.buyerSeed
  if (seed && recorded && Buffer.compare(seed, recorded) !== 0)
    throw new KinmarkError('cli.copy-seed-differs', { copyId })
  return recorded ?? seed ?? Uint8Array.from(randomBytes(32))
}
