import { and, eq } from 'drizzle-orm'
import { preparations, versions } from '../../db/schema'
import { modelSecret } from '../../fingerprint/code/secrets'
import { decodePreparation, type Preparation } from '../../fingerprint/format/preparation'
import { unseal } from '../../sealing/seal'
import { readBlob } from '../../storage/read-blob'
import type { Market } from '../context/context'

type Version = { modelId: string; manifestRoot: string }

/** The secret behind every key of one version: from it alone nobody learns another version's. */
export function versionSecret({ master, deployment }: Market, { modelId, manifestRoot }: Version): Uint8Array {
  const { chainId, contracts } = deployment
  return modelSecret(master, [chainId, contracts.modelRegistry, modelId, manifestRoot].join(':'))
}

export const preparationKey = ({ modelId, manifestRoot }: Version) => `${modelId}:${manifestRoot}`
export const preparationSeal = 'preparation'

/** What the minter prepared for a version, or null while nobody has bought a copy. */
export async function preparationOf(market: Market, modelId: string, version: number): Promise<Preparation | null> {
  const [found] = await market.db
    .select()
    .from(versions)
    .where(and(eq(versions.modelId, modelId), eq(versions.version, version)))
  if (!found) return null
  const [kept] = await market.db
    .select()
    .from(preparations)
    .where(eq(preparations.key, preparationKey(found)))
  if (!kept) return null
  const sealed = await readBlob(market.blobs, kept.blob)
  const opened = unseal(versionSecret(market, found), preparationSeal, sealed)
  return decodePreparation(new Uint8Array(opened))
}
