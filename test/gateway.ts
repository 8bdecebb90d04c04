import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, bytesToHex, type Hex, hexToBytes, keccak256, toHex } from 'viem'
import { type Books, type BooksOptions, openBooks } from '../lib/gateway/books'
import type { Calls } from '../lib/gateway/call'
import { epochClock } from '../lib/gateway/epoch-clock'
import { freePayer, type Payer, payInOneOf, voucherPayer } from '../lib/gateway/payer'
import { startGateway } from '../lib/gateway/server'
import { openSharedBooks, type SharedBooksOptions } from '../lib/gateway/shared/shared-books'
import { openUpstream } from '../lib/gateway/upstream'
import {
  type CallVoucher,
  closesAccount,
  encodeVoucher,
  type Reservation,
  type SessionKey,
  type VoucherChecks,
  voucherChecker,
} from '../lib/gateway/vouchers'
import { accountOf, signDigest, voucherHasher } from '../lib/metering/signer'

export const testKey = (name: string): Uint8Array => hexToBytes(keccak256(toHex(name)))
export const testAccount = (name: string): Address => accountOf(testKey(name)) as Address

export const chainId = 31_337
export const usageLedger: Address = '0x1000000000000000000000000000000000000001'
export const userLedger: Address = '0x1000000000000000000000000000000000000002'
export const copyId = 7n
export const price = 4_000_000n
const limits = { body: 2 ** 20, bodies: 2 ** 24, answer: 2 ** 20, event: 2 ** 16, slowClientMs: 2000, countingMs: 2000 }

/** A voucher of the session key called “key” for the user called “user”. */
export function signedVoucher(
  units: bigint,
  cumulativeUnits: bigint,
  more: { amount?: bigint; signer?: string; copyId?: bigint; chainId?: number; ledger?: Address; user?: string } = {},
): CallVoucher {
  const voucher = {
    copyId: more.copyId ?? copyId,
    user: testAccount(more.user ?? 'user'),
    cumulativeUnits,
    cumulativeAmount: more.amount ?? (cumulativeUnits * price + 999_999n) / 1_000_000n,
  }
  const hasher = voucherHasher(more.chainId ?? chainId, more.ledger ?? userLedger)
  const signature: Hex = bytesToHex(signDigest(hasher.digest(hasher.hash(voucher)), testKey(more.signer ?? 'key')))
  return { voucher: { ...voucher, signature }, units }
}

export const voucherHeaders = (call: CallVoucher) => ({ 'x-kinmark-voucher': encodeVoucher(call) })

/** What the chain says in tests; both may be changed. */
type TestChain = { reservation: Reservation; key: SessionKey; named: string[] }

type TestOptions = Partial<Pick<Calls, 'cap' | 'countsEachEvent'>> & {
  paid?: boolean
  silentMs?: number
  folder?: string
  limits?: Partial<Calls['limits']>
  openFile?: BooksOptions['openFile']
  /** Ways to pay instead of `own`, by voucher or for nothing. */
  payers?(books: Books, own: Payer, checks: VoucherChecks): Payer[] | Promise<Payer[]>
  /** Books that several gateways share, and the key of this one. */
  shared?: { database: string; operator: Uint8Array }
}

/** Books of copy 7 in this database. */
export function openTestBooks(
  database: string,
  options: Pick<SharedBooksOptions, 'operatorKey' | 'clock'> & Partial<SharedBooksOptions>,
): Promise<Books> {
  return openSharedBooks({ url: database, chainId, usageLedger, copyId, cap: 10n ** 12n, goneSeconds: 1, ...options })
}

/** A gateway of copy 7 before an upstream, with a clock and a chain that tests set. */
export async function startTestGateway(upstreamUrl: string, options: TestOptions = {}) {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'kinmark-gateway-')))
  const clock = epochClock(3600n)
  clock.set(1_800_000_000n)
  const common = { chainId, usageLedger, copyId, clock }
  const books = options.shared
    ? await openTestBooks(options.shared.database, { operatorKey: options.shared.operator, clock, goneSeconds: 5 })
    : await openBooks({ ...common, folder, operatorKey: testKey('operator'), openFile: options.openFile })
  const chain: TestChain = {
    reservation: { amount: 100_000_000n, settledUnits: 0n, settledAmount: 0n, leavesAt: 0n, number: 0 },
    key: { expiresAt: 1_900_000_000n, maxAmount: 50_000_000n, number: 0 },
    named: ['key'],
  }
  const checks = {
    ...{ chainId, userLedger, copyId, time: clock.time },
    chain: {
      reservation: async () => chain.reservation,
      sessionKey: async (_: Address, key: Address) =>
        chain.named.some((name) => testAccount(name) === key) ? chain.key : { expiresAt: 0n, maxAmount: 0n, number: 0 },
    },
  }
  const own = options.paid ? voucherPayer(books, price, checks) : freePayer
  const payers = (await options.payers?.(books, own, checks)) ?? [own]
  const faults: unknown[] = []
  const check = voucherChecker(checks)
  const calls: Calls = {
    ...{ books, countsEachEvent: options.countsEachEvent ?? false, cap: options.cap ?? 10n ** 12n },
    limits: { ...limits, ...options.limits },
    upstream: openUpstream({ url: new URL(upstreamUrl), apiKey: null, silentMs: options.silentMs ?? 2000 }),
    pay: payInOneOf(payers, { copyId, price }),
    onFault: (error) => faults.push(error),
  }
  const gateway = await startGateway({
    ...{ host: '127.0.0.1', port: 0, calls, mostRunning: 2000 },
    about: () => ({ copyId: `${copyId}`, price: `${price}` }),
    async takeVoucher({ voucher }) {
      await check(voucher)
      if (await books.onAccount(voucher.user, (account) => closesAccount(account, voucher)))
        await books.storeVoucher(voucher)
    },
  })
  return {
    ...{ url: gateway.url, books, clock, chain, faults, folder },
    async stop() {
      await gateway.close(1000)
      await books.close()
      calls.upstream.close()
      if (!options.folder) await rm(folder, { recursive: true })
    },
  }
}
