import { openChatFrame } from '../../lib/fingerprint/keys/chat-frame'
import { ownerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type Accusation, type Trace, trace } from '../../lib/fingerprint/trace'
import { askKeys, falsePositiveRate, votesAndLogOdds } from '../../lib/fingerprint/verify'
import { weigh } from '../../lib/fingerprint/weigh'
import { formatChance } from '../../lib/format/odds'
import { folderFiles } from '../../lib/inference/node/folder'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import { downProjOf } from '../../lib/weights/config/tensor-names'
import { inspectWeights } from '../../lib/weights/inspect-weights'
import { openTokenizer } from '../../lib/weights/text/tokenizer'
import { readCopies, readPrep } from './prep-folder'

/**
 * Asks the model in `folder` every key, as text where it has a tokenizer (a message in a chat by its chat template, or the
 * base's where it has none), and with the unmarked `base` also looks for the copies' edits in its weights; the suspects are all copies minted under the preparation. Two tests share the error rate.
 */
export async function traceFolder(
  folder: string,
  { prep, base }: { prep: string; base?: string },
  options: ProgressOptions,
): Promise<Trace> {
  const [preparation, copies] = [await readPrep(prep), await readCopies(prep)]
  const files = await folderFiles(folder)
  const [{ config }, tokenizer] = [await inspectWeights(files), await openTokenizer(files)]
  const chat =
    (await openChatFrame(files, tokenizer)) ??
    (base === undefined ? null : await openChatFrame(await folderFiles(base), tokenizer))
  const names = preparation.layers.map((layer) => (layer < config.layers ? downProjOf(config, layer).name : null))
  const suspect = await openNodeRuntime(folder, { editable: names.filter((name) => name !== null) })
  try {
    const answers = await askKeys(suspect, ownerKeySet(preparation), { tokenizer, chat, ...options })
    const given = votesAndLogOdds(answers)
    if (base === undefined) return trace(preparation, copies, given)
    const runtime = await (await openForFingerprinting(base, () => preparation.layers)).open()
    try {
      const byAnswers = trace(preparation, copies, given, falsePositiveRate / 2)
      const tensor = async (layer: number) => {
        const name = names[preparation.layers.indexOf(layer)]
        return name === null ? null : suspect.tensor(name)
      }
      const byWeights = await weigh(runtime, preparation, copies, tensor, falsePositiveRate / 2)
      return { ...byAnswers, accused: surest([...byAnswers.accused, ...byWeights]) }
    } finally {
      await runtime.close()
    }
  } finally {
    await suspect.close()
  }
}

/** Each copy's best test of the two, surest first; its bound covers both. */
function surest(accused: readonly Accusation[]): Accusation[] {
  const falling = accused.toSorted((a, b) => b.nats - a.nats)
  return falling
    .filter(({ copyId }, i) => falling.findIndex((each) => each.copyId === copyId) === i)
    .map((each) => ({ ...each, falseAccusation: Math.min(1, 2 * each.falseAccusation) }))
}

/** The accused copies with the error bound of each, or “none”. */
export function accusedText({ accused }: Pick<Trace, 'accused'>): string {
  if (accused.length === 0) return 'none'
  return accused
    .map(
      ({ copyId, nats, falseAccusation }) =>
        `copy ${copyId} (${nats.toFixed(1)} nats; probability of a false accusation ≤ ${formatChance(falseAccusation)})`,
    )
    .join(', ')
}

/** “1,420 of 1,440 secret keys answered with one of their two answers”. */
export function answeredText({ answered, tested }: Trace): string {
  return `${answered} of ${tested} secret keys answered with one of their two answers`
}
