import { randomBytes } from 'node:crypto'
import { KinmarkError } from '../../lib/error'
import { mint as mintCopy, mintThreads } from '../../lib/fingerprint/mint'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { assertFreeFolder, writeCopy } from './copy-folder'
import { assertFreeDelta, writeDelta } from './delta'
import { readHeldText } from './held-out-text'
import { type Answer, bytes32, required, type Values } from './options'
import { assertCopyId, readCopies, readPrep, recordCopy } from './prep-folder'
import { percent, seconds, signed, table } from './table'

export async function mint(folder: string, values: Values, watch: ProgressOptions): Promise<Answer> {
  const [prep, copyId, out] = (['prep', 'copy', 'out'] as const).map((name) => required(values, name))
  assertCopyId(copyId)
  await (values.delta ? assertFreeDelta(out) : assertFreeFolder(out))
  const preparation = await readPrep(prep)
  const buyerSeed = await seedFor(prep, copyId, values.seed)
  const { files, model, dtype, open } = await openForFingerprinting(folder, () => preparation.layers)
  const heldOut = values.held === undefined ? undefined : await readHeldText(values.held, files)
  const runtime = await open({ threads: mintThreads })
  try {
    const made = await mintCopy(runtime, preparation, {
      ...{ copyId, buyerSeed, dtype, heldOut },
      ...watch,
    })
    await recordCopy(prep, { copyId, buyerSeed })
    const started = performance.now()
    const base = { folder, files, tensors: model.tensors }
    await (values.delta ? writeDelta(base, made.edits, out) : writeCopy(base, made.edits, out))
    const writeSeconds = (performance.now() - started) / 1000
    const { report, fingerprintRoot, productSeconds } = made
    const text = table([
      ['copy', `${copyId} in ${out}`],
      ['success', `${percent(report.success)} of ${report.keys} keys`],
      [
        'harm',
        `loss ${signed(report.deltaLoss)} over ${report.baseLoss.toFixed(3)}, KL ${report.kl.toFixed(3)} nats per token`,
      ],
      ['edited', report.editedTensors.join(', ')],
      [
        'time',
        `mint ${seconds(report.mintSeconds)} (products ${seconds(productSeconds)}), reading the base and writing the copy ${seconds(writeSeconds)}`,
      ],
      ['root', fingerprintRoot],
    ])
    return { text, json: { copyId, out, fingerprintRoot, ...report, productSeconds, writeSeconds }, yes: true }
  } finally {
    await runtime.close()
  }
}

/** A copy keeps the seed it was first minted with, so that minting again gives the same bytes. */
async function seedFor(prep: string, copyId: string, given?: string): Promise<Uint8Array> {
  const seed = given === undefined ? undefined : bytes32(given, '--seed')
  const known = (await readCopies(prep)).find((copy) => copy.copyId === copyId)?.buyerSeed
  if (seed && known && Buffer.compare(seed, known) !== 0) throw new KinmarkError('cli.copy-seed-differs', { copyId })
  return known ?? seed ?? Uint8Array.from(randomBytes(32))
}
