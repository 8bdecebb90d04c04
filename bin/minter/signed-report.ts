import { readFileSync } from 'node:fs'
import { privateKeyToAccount } from 'viem/accounts'
import { parseDeployment } from '../../lib/chain/deployment'
import { type Reported, signReport } from '../../lib/chain/report-signature'
import type { QualityReport } from '../../lib/fingerprint/quality/quality'
import type { SignedReport } from '../../lib/minting/report'
import type { Minter } from './minter'

/** The report with the minter's signature, which is valid for this copy on this chain only. */
export async function signedReport(
  { env, key }: Pick<Minter, 'env' | 'key'>,
  subject: Omit<Reported, 'chainId' | 'copyRegistry'>,
  report: QualityReport,
): Promise<SignedReport> {
  const { chainId, contracts } = parseDeployment(readFileSync(env.deploymentFile, 'utf8'), env.deploymentFile)
  const account = privateKeyToAccount(key)
  const signature = await signReport(account, { chainId, copyRegistry: contracts.copyRegistry, ...subject }, report)
  return { ...report, signer: account.address, signature }
}
