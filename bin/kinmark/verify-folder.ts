import { ownerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type Verdict, verify } from '../../lib/fingerprint/verify'
import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import { readCopies, readPrep } from './prep-folder'
import { chance, percent } from './table'

/** Asks a folder every key of a preparation, with all copies minted under it as suspects. */
export async function ask(folder: string, prep: string, watch: ProgressOptions, copyId?: string): Promise<Verdict> {
  const keySet = ownerKeySet(await readPrep(prep), await readCopies(prep))
  const runtime = await openNodeRuntime(folder)
  try {
    return await verify(runtime, keySet, { copyId, ...watch })
  } finally {
    await runtime.close()
  }
}

export function evidence({ hits, tested, nullRate, pValue }: Verdict): string {
  return `${hits} of ${tested} secret keys answered with a candidate; a model never marked does so for at most ${percent(nullRate)}, chance of this ${chance(pValue)}`
}

export function named({ accused }: Verdict): string {
  if (accused.length === 0) return 'no one'
  return accused
    .map(({ copyId, falseAccusation }) => `copy ${copyId} (false accusation ≤ ${chance(falseAccusation)})`)
    .join(', ')
}
