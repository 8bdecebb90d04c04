import { type Address, type Hex, type LocalAccount, recoverMessageAddress } from 'viem'
import type { CopyId } from './ids'

/** The subject of a report. It is signed along, so that a signature holds for no other copy, chain or contract. */
export type Reported = {
  chainId: number
  copyRegistry: Address
  copyId: CopyId
  artifactRoot: Hex
  fingerprintRoot: Hex
}

/** The text that the minter signs (EIP-191). The report is JSON with sorted names, because a database may reorder them. */
function reportMessage(subject: Reported, report: object): string {
  return [
    'Kinmark quality report',
    `chain ${subject.chainId}, contract ${subject.copyRegistry.toLowerCase()}, copy ${subject.copyId}`,
    `artifact ${subject.artifactRoot}`,
    `fingerprints ${subject.fingerprintRoot}`,
    JSON.stringify(sorted(report)),
  ].join('\n')
}

export async function signReport(account: LocalAccount, subject: Reported, report: object): Promise<Hex> {
  return account.signMessage({ message: reportMessage(subject, report) })
}

/** The address that signed this report of this copy. */
export async function signerOf(subject: Reported, report: object, signature: Hex): Promise<Address> {
  return recoverMessageAddress({ message: reportMessage(subject, report), signature })
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sorted((value as Record<string, unknown>)[name])]))
}
