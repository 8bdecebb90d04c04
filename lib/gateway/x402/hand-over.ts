import { join } from 'node:path'
import type { PrivateKeyAccount } from 'viem/accounts'
import { z } from 'zod'
import { testUsdAbi, usageLedgerAbi } from '../../chain/generated'
import { formatUsdc } from '../../format/amounts'
import { amountUp } from '../account'
import type { Books } from '../books'
import type { HostChain } from '../chain'
import { type Call, sendOnce } from '../send-once'
import { readOr, storeJson } from '../stored-json'

export type HandOverOptions = {
  books: Books
  chain: HostChain
  folder: string
  /** The operator key, which payments were made to. */
  account: PrivateKeyAccount
  /** Each hand-over has a number of its own. */
  number: number
  pollMs?: number
  say(line: string): void
  signal?: AbortSignal
}

const amount = z.string().transform(BigInt)
const schema = z.object({ fees: amount, rest: amount })
/** USDC of 6 decimals. */
type Plan = z.infer<typeof schema>

/**
 * Hands on what payments have earned: fees that the copy owes first, as settled vouchers do, and the rest to the copy’s
 * owner. What payers have not spent yet stays with the operator key. What is handed on is stored before it moves, so that a
 * process that ends in the middle goes on with the same amounts.
 */
export async function handOver(options: HandOverOptions): Promise<void> {
  const { books, chain, folder, account, number, pollMs, say, signal } = options
  const { client, copyId, deployment } = chain
  const { usageLedger, usd: token } = deployment.contracts
  const usd = { address: token, abi: testUsdAbi } as const
  const planFile = join(folder, `hand-over-${number}.json`)

  async function newPlan(): Promise<Plan> {
    const balance = await client.readContract({ ...usd, functionName: 'balanceOf', args: [account.address] })
    // read after the balance: what is in it is in the books by now, as pending or as paid
    const earned = balance - (await unspentOf(books))
    if (earned <= 0n) return { fees: 0n, rest: 0n }
    const { owed } = await chain.copy()
    const fees = owed < earned ? owed : earned
    return { fees, rest: earned - fees }
  }
  /** Sends a transaction of this plan, which is done where its file is empty. */
  const send = async (name: string, call: Call): Promise<void> => {
    const file = join(folder, `${name}-${number}.tx`)
    if ((await readOr(file, null)) === '') return
    await sendOnce({ client, account, pollMs, signal, file, call, done: async () => false })
  }

  const stored = await readOr(planFile, null)
  const plan = stored === null ? await newPlan() : schema.parse(JSON.parse(stored))
  const { fees, rest } = plan
  if (stored === null) await storeJson(planFile, { fees: `${fees}`, rest: `${rest}` })
  if (fees > 0n) {
    await send('approve', { ...usd, functionName: 'approve', args: [usageLedger, fees] })
    await send('deposit', {
      ...{ address: usageLedger, abi: usageLedgerAbi, functionName: 'deposit', args: [copyId, fees] },
    })
  }
  if (rest > 0n) {
    const { host } = await chain.copy()
    await send('transfer', { ...usd, functionName: 'transfer', args: [host, rest] })
  }
  if (fees + rest > 0n)
    say(
      `Payments have earned ${formatUsdc(fees + rest)} USDC: ${formatUsdc(fees)} for fees, ${formatUsdc(rest)} for the owner.`,
    )
}

/** What payers may still spend, and payments whose outcome is not known: USDC of 6 decimals. */
async function unspentOf(books: Books): Promise<bigint> {
  const purses = await books.purses()
  const credit = purses.reduce((sum, { paid, spent }) => sum + (paid > spent ? amountUp(paid - spent) : 0n), 0n)
  return (await books.pendingPayments()).reduce((sum, { value }) => sum + value, credit)
}
