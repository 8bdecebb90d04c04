import 'server-only'
import { modelSecret } from '../../fingerprint/code/secrets'
import type { MintJob } from '../../minting/job'
import type { Market } from '../context/context'

export type VersionId = Pick<MintJob, 'modelId' | 'manifestRoot'>

/** The secret from which every key of one version is derived. It reveals nothing about another version's. */
export function versionSecret(
  { master, deployment }: Pick<Market, 'master' | 'deployment'>,
  { modelId, manifestRoot }: VersionId,
): Uint8Array {
  const { chainId, contracts } = deployment
  return modelSecret(master, [chainId, contracts.modelRegistry, modelId, manifestRoot].join(':'))
}
