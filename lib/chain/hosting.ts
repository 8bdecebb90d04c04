import type { Address } from 'viem'
import { usageLedgerAbi } from './generated'
import type { CopyId } from './ids'

const ledger = (address: Address) => ({ address, abi: usageLedgerAbi }) as const

/** What a host says of a deployment. `price` in USDC of 6 decimals for a million tokens, `cap` in tokens of an epoch. */
export type NewDeployment = { copyId: CopyId; operator: Address; url: string; price: bigint; cap: bigint }

/** Announces where a copy is served, and lets an operator key sign its receipts. */
export function openDeploymentCall(usageLedger: Address, { copyId, operator, url, price, cap }: NewDeployment) {
  const args = [BigInt(copyId), url, price, operator, cap] as const
  return { ...ledger(usageLedger), functionName: 'openDeployment', args } as const
}

export function closeDeploymentCall(usageLedger: Address, id: CopyId, number: number) {
  return { ...ledger(usageLedger), functionName: 'closeDeployment', args: [BigInt(id), number] } as const
}

/** Pays what a copy owes, and prepays later fees with the rest. The amount must be allowed first. */
export function prepayFeesCall(usageLedger: Address, id: CopyId, amount: bigint) {
  return { ...ledger(usageLedger), functionName: 'deposit', args: [BigInt(id), amount] } as const
}
