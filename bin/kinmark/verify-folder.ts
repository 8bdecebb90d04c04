import { ownerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type Verdict, verify } from '../../lib/fingerprint/verify'
import { formatChance, roundedPercent } from '../../lib/format/odds'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import { readCopies, readPrep } from './prep-folder'

/** Answers every key of a preparation with the model in `folder`; the suspects are all copies minted under it. */
export async function verifyFolder(
  folder: string,
  prep: string,
  options: ProgressOptions & { copyId?: string },
): Promise<Verdict> {
  const keySet = ownerKeySet(await readPrep(prep), await readCopies(prep))
  const runtime = await openNodeRuntime(folder)
  try {
    return await verify(runtime, keySet, options)
  } finally {
    await runtime.close()
  }
}

/** “yes: 56 of 56 secret keys …”. */
export function oursText({ ours, hits, tested, nullRate, pValue }: Verdict): string {
  return `${ours ? 'yes' : 'no'}: ${hits} of ${tested} secret keys answered with a candidate; an unmarked model does so for at most ${roundedPercent(nullRate)} of the keys, so the probability of this result by chance is ${formatChance(pValue)}`
}

/** The accused copies with the error bound of each, or “none”. */
export function accusedText({ accused }: Verdict): string {
  if (accused.length === 0) return 'none'
  return accused
    .map(
      ({ copyId, falseAccusation }) =>
        `copy ${copyId} (probability of a false accusation ≤ ${formatChance(falseAccusation)})`,
    )
    .join(', ')
}
