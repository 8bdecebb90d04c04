import { join } from 'node:path'
import type { Address } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { testUsdAbi, usageLedgerAbi } from '../../chain/generated'
import { formatUsdc } from '../../format/amounts'
import { amountUp } from '../account'
import type { Books } from '../books'
import type { HostChain } from '../chain'
import { sendOnce } from '../send-once'

export type HandOverOptions = {
  books: Books
  chain: HostChain
  folder: string
  /** The operator key, which payments were made to. */
  account: PrivateKeyAccount
  say(line: string): void
  signal?: AbortSignal
}

/**
 * Hands on what payments have earned: fees that the copy owes first, as settled vouchers do, and the rest to the copy’s
 * owner. What payers have not spent yet stays with the operator key.
 */
export async function handOver({ books, chain, folder, account, say, signal }: HandOverOptions): Promise<void> {
  const { client, copyId, deployment } = chain
  const { usageLedger } = deployment.contracts
  const usd = { address: deployment.contracts.usd, abi: testUsdAbi } as const
  const common = { client, account, signal }
  const read = (functionName: 'balanceOf' | 'allowance', args: Address[]): Promise<bigint> =>
    client.readContract({ ...usd, functionName, args } as never) as Promise<bigint>

  const balance = await read('balanceOf', [account.address])
  // read after the balance: what is in it is in the books by now, as pending or as paid
  const earned = balance - (await unspentOf(books))
  if (earned <= 0n) return
  const { owed, host } = await chain.copy()
  const fees = owed < earned ? owed : earned
  if (fees > 0n) {
    const allowed = async () => (await read('allowance', [account.address, usageLedger])) >= fees
    const approve = { ...usd, functionName: 'approve', args: [usageLedger, fees] }
    await sendOnce({ ...common, file: join(folder, 'approve.tx'), call: approve, done: allowed })
    const deposit = { address: usageLedger, abi: usageLedgerAbi, functionName: 'deposit', args: [copyId, fees] }
    await sendOnce({ ...common, file: join(folder, 'deposit.tx'), call: deposit, done: async () => false })
  }
  const rest = earned - fees
  if (rest > 0n) {
    const transfer = { ...usd, functionName: 'transfer', args: [host, rest] }
    await sendOnce({ ...common, file: join(folder, 'transfer.tx'), call: transfer, done: async () => false })
  }
  say(
    `Payments have earned ${formatUsdc(earned)} USDC: ${formatUsdc(fees)} for fees, ${formatUsdc(rest)} for the owner.`,
  )
}

/** What payers may still spend, and payments whose outcome is not known: USDC of 6 decimals. */
async function unspentOf(books: Books): Promise<bigint> {
  const purses = await books.purses()
  const credit = purses.reduce((sum, { paid, spent }) => sum + (paid > spent ? amountUp(paid - spent) : 0n), 0n)
  return (await books.pendingPayments()).reduce((sum, { value }) => sum + value, credit)
}
