import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { type Address, type Hex, keccak256, stringToHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FakeContract, type Fate, fakeAccount, fakeChain } from '../../test/fake-chain'
import { protocolAbi, testUsdAbi, usageLedgerAbi, userLedgerAbi } from '../chain/generated'
import { type Report, reportHash } from '../metering/receipt'
import type { Account } from './account'
import type { Books } from './books'
import type { HostChain } from './chain'
import { openEpochs } from './epochs'
import type { Payment } from './log/records'
import type { Purse } from './purse'
import { openSettler } from './x402/settler'

const address = (digit: number): Address => `0x${String(digit).padStart(40, '0')}`
const [usageLedger, userLedger, protocol, usd, challengeCourt] = [1, 2, 3, 4, 5].map(address)
const [operator, owner] = [fakeAccount(address(11)), fakeAccount(address(12))]
const [user, payer] = [address(13), address(14)]
const copyId = 7n
const epoch = 100n
const noHash: Hex = `0x${'0'.repeat(64)}`

/** What these contracts know, as far as it matters here. All money is USDC of 6 decimals. */
type State = {
  /** Hashes of reports, by their epochs. */
  reports: Map<bigint, Hex>
  reportedUnits: bigint
  settledUnits: bigint
  settledAmount: bigint
  /** Settlements that moved money. */
  settlements: number
  balances: Map<Address, bigint>
  allowance: bigint
  /** Paid by the operator key for fees that the copy owes. */
  feesPaid: bigint
  owed: bigint
  /** Nonces of payments that were made, or cancelled. */
  used: Set<Hex>
}

const require = (condition: boolean, error: string) => {
  if (!condition) throw new Error(error)
}

function move(balances: State['balances'], from: Address, to: Address, amount: bigint): void {
  const left = (balances.get(from) ?? 0n) - amount
  require(left >= 0n, 'ERC20InsufficientBalance')
  balances.set(from, left)
  balances.set(to, (balances.get(to) ?? 0n) + amount)
}

const contracts: Record<Address, FakeContract<State>> = {
  [protocol]: { abi: protocolAbi, read: () => epoch * 3600n + 4000n, write: () => undefined },
  [usageLedger]: {
    abi: usageLedgerAbi,
    read(state, { name, args }) {
      if (name === 'reportDeadline') return epoch * 3600n + 100_000n
      if (name === 'reportHash') return state.reports.get(args[1] as bigint) ?? noHash
      return state[name as 'reportedUnits' | 'owed']
    },
    write(state, { name, args, from }) {
      if (name === 'deposit') {
        const [, amount] = args as [bigint, bigint]
        require(state.allowance >= amount, 'ERC20InsufficientAllowance')
        state.allowance -= amount
        move(state.balances, from, usageLedger, amount)
        state.feesPaid += amount
        state.owed -= amount < state.owed ? amount : state.owed
        return
      }
      const [id, reported, count, units, receiptsRoot] = args as [bigint, bigint, bigint, bigint, Hex]
      require(!state.reports.has(reported), 'AlreadyReported')
      state.reports.set(reported, reportHash({ copyId: id, epoch: reported, count, units, receiptsRoot } as Report))
      state.reportedUnits += units
    },
  },
  [userLedger]: {
    abi: userLedgerAbi,
    read(state, { name }) {
      if (name === 'settledUnits') return state.settledUnits
      const { settledUnits, settledAmount } = state
      return { amount: 1_000_000n - settledAmount, settledUnits, settledAmount, leavesAt: 0, number: 0 }
    },
    write(state, { args }) {
      const [, [{ cumulativeUnits, cumulativeAmount }]] = args as [bigint, Record<string, bigint>[]]
      const most = cumulativeUnits < state.reportedUnits ? cumulativeUnits : state.reportedUnits
      require(most > state.settledUnits, 'NothingToSettle')
      state.settledUnits = most
      state.settledAmount = (cumulativeAmount * most) / cumulativeUnits
      state.settlements++
    },
  },
  [usd]: {
    abi: testUsdAbi,
    read(state, { name, args }) {
      if (name === 'balanceOf') return state.balances.get(args[0] as Address) ?? 0n
      if (name === 'allowance') return state.allowance
      return state.used.has(args[1] as Hex)
    },
    write(state, { name, args, from, time, emit }) {
      if (name === 'approve') {
        state.allowance = args[1] as bigint
        return
      }
      if (name === 'transfer') return move(state.balances, from, args[0] as Address, args[1] as bigint)
      const [payer, to, value, , validBefore, nonce] = args as [Address, Address, bigint, bigint, bigint, Hex]
      require(time < validBefore, 'ERC3009InvalidAuthorizationTime')
      require(!state.used.has(nonce), 'ERC3009UsedAuthorization')
      state.used.add(nonce)
      emit('AuthorizationUsed', { authorizer: payer, nonce })
      move(state.balances, payer, to, value)
      emit('Transfer', { from: payer, to }, { types: ['uint256'], values: [value] })
    },
  },
}

const newState = (): State => ({
  ...{ reports: new Map(), reportedUnits: 0n, settledUnits: 0n, settledAmount: 0n, settlements: 0 },
  ...{ balances: new Map(), allowance: 0n, feesPaid: 0n, owed: 0n, used: new Set() },
})

/** What goes wrong: with the questions between `from` and `until`, and with every n-th of them, by chance. */
type Script = { seed: number; from: number; until: number; oneIn: number }

const wrong: Fate[] = ['unheard', 'unanswered', 'forgotten', 'behind', 'behind']
const events = ['nothing', 'nothing', 'nothing', 'block', 'block', 'replaced'] as const
const script: fc.Arbitrary<Script> = fc.record({
  ...{ seed: fc.nat(), from: fc.nat(250), until: fc.nat(500), oneIn: fc.integer({ min: 1, max: 4 }) },
})

/** Numbers below `n` by chance (mulberry32). */
function chances(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n
  }
}

function chainOf({ seed, from, until, oneIn }: Script, state: State) {
  const chance = chances(seed)
  let question = 0
  const isBad = () => question >= from && question < until
  const fake = fakeChain({
    ...{ contracts, state, time: epoch * 3600n },
    // the answers to transactions are lost more often than others
    fateOf(method) {
      question++
      if (!isBad()) return 'answered'
      if (method === 'eth_sendRawTransaction') return (['unanswered', ...wrong] as const)[chance(wrong.length + 1)]
      return chance(oneIn) === 0 ? wrong[chance(wrong.length)] : 'answered'
    },
    next: () => (isBad() ? events[chance(events.length)] : 'block'),
  })
  const heal = () => {
    question = Math.max(question, until)
  }
  return { ...fake, heal }
}

let folder: string
let places = 0
beforeAll(async () => {
  // in memory where there is such a folder: what a power cut does is tested elsewhere
  folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'kinmark-lost-'))
})
afterAll(() => rm(folder, { recursive: true }))

const signature: Hex = `0x${'11'.repeat(65)}`
const leaf = keccak256(stringToHex('leaf'))
const units = 900n

/** Books of one epoch that is over: receipts of 900 units, a voucher for 600 of them, and a purse that paid for the rest. */
function closedBooks(closed: bigint[], purse: Pick<Purse, 'paid' | 'spent'>): Books {
  const vouchers = [{ copyId, user, cumulativeUnits: 600n, cumulativeAmount: 2400n, signature }]
  const account: Account = {
    user,
    units: 600n,
    cost: 2_400_000_000n,
    open: { units: 0n, cost: 0n },
    vouchers,
    used: new Map(),
  }
  return {
    turn: async () => undefined,
    leads: async () => true,
    closedEpochs: async () => closed,
    leaves: async (epoch: bigint) => ({ epoch, hashes: Buffer.from(leaf.slice(2), 'hex'), units: [units] }),
    accounts: async () => [account],
    purses: async () => [{ owner: payer, open: 0n, ...purse }],
    pendingPayments: async () => [],
  } as Partial<Books> as Books
}

async function closeEpoch(script: Script, { paid, spent, owed }: { paid: bigint; spent: bigint; owed: bigint }) {
  const state = newState()
  state.owed = owed
  state.balances.set(operator.address, paid / 1_000_000n)
  const fake = chainOf(script, state)
  const place = join(folder, String(++places))
  const read = (functionName: 'reservations', args: readonly unknown[]) =>
    fake.client.readContract({ address: userLedger, abi: userLedgerAbi, functionName, args } as never)
  const chain = {
    ...{
      client: fake.client,
      copyId,
      deployment: { chainId: 31_337, block: 1, contracts: { usageLedger, userLedger, usd, challengeCourt } },
    },
    time: () => fake.client.readContract({ address: protocol, abi: protocolAbi, functionName: 'time' }),
    reservation: async (who: Address) => read('reservations', [copyId, who]),
    async copy() {
      const abi = usageLedgerAbi
      return {
        owed: await fake.client.readContract({ address: usageLedger, abi, functionName: 'owed', args: [copyId] }),
        host: owner.address,
      }
    },
  } as unknown as HostChain
  const closed = [epoch]
  const books = closedBooks(closed, { paid, spent })
  // a process that ends with each error, and begins again
  const work = async (): Promise<void> => {
    for (let processes = 0, quiet = 0; quiet < 2; processes++) {
      const epochs = await openEpochs({
        ...{ books, chain, folder: place, operator, owner, paidDirectly: true, pollMs: 0, say: () => undefined },
      })
      const done = await epochs.work().then(
        () => true,
        () => false,
      )
      quiet = done ? quiet + 1 : 0
      expect(processes).toBeLessThan(1000)
    }
  }
  await work()
  expect(fake.now().state.reports.size).toBe(1)
  // what a server that was behind made late is done with the next epoch
  closed.push(epoch + 1n)
  fake.heal()
  await work()
  const { state: end } = fake.now()
  expect(end.reports.size).toBe(2)
  expect([end.settledUnits, end.settledAmount, end.settlements]).toEqual([600n, 2400n, 1])
  const [left, handed] = [operator, owner].map(({ address }) => end.balances.get(address) ?? 0n)
  const earned = spent / 1_000_000n
  // what payers have not spent yet stays, whatever was lost; what was earned is handed over once
  expect(left).toBe(paid / 1_000_000n - earned)
  expect([end.feesPaid, handed]).toEqual(owed < earned ? [owed, earned - owed] : [earned, 0n])
}

type Wanted = { value: bigint; seconds: bigint }

/** Payments of one payer at once, settled by processes that end after some questions and begin again. */
async function settlePayments(script: Script, wanted: Wanted[]): Promise<void> {
  const state = newState()
  const before = 1_000_000n
  state.balances.set(payer, before)
  const { client, now, heal } = chainOf(script, state)
  const start = now().time
  const pending = new Map<Hex, Payment>()
  const outcomes = new Map<Hex, string[]>()
  for (const [i, { value, seconds }] of wanted.entries()) {
    const nonce: Hex = `0x${String(i + 1).padStart(64, '0')}`
    const terms = { payer, nonce, value, validAfter: 0n, validBefore: start + seconds, signature }
    pending.set(nonce, { ...terms, id: null, requestHash: noHash, block: 1n, state: 'pending', transaction: null })
  }
  for (let processes = 0; pending.size > 0; processes++) {
    if (processes === 20) heal()
    expect(processes).toBeLessThan(500)
    const settler = openSettler({
      ...{ client, chainId: 31_337, usd, account: operator, pollMs: 0 },
      async onOutcome({ nonce }, { state }) {
        outcomes.set(nonce, [...(outcomes.get(nonce) ?? []), state])
        pending.delete(nonce)
      },
    })
    await Promise.all([...pending.values()].map((payment) => settler.settle(payment, 5)))
    await settler.close()
  }
  const { state: end } = now()
  const paid = wanted.filter((_, i) => end.used.has(`0x${String(i + 1).padStart(64, '0')}`))
  const moved = paid.reduce((sum, { value }) => sum + value, 0n)
  expect([end.balances.get(payer), end.balances.get(operator.address) ?? 0n]).toEqual([before - moved, moved])
  for (const [nonce, states] of outcomes) expect(states).toEqual([end.used.has(nonce) ? 'paid' : 'void'])
}

const atOnce = 50

/** Runs many cases at once, which mostly wait. */
async function each<Case>(
  numRuns: number,
  cases: fc.Arbitrary<Case>,
  check: (one: Case) => Promise<void>,
): Promise<void> {
  const many = fc.array(cases, { minLength: atOnce, maxLength: atOnce })
  await fc.assert(
    fc.asyncProperty(many, async (all) => {
      const checked = await Promise.allSettled(all.map(check))
      const failed = checked.findIndex(({ status }) => status === 'rejected')
      if (failed >= 0)
        throw new Error(fc.stringify(all[failed]), { cause: (checked[failed] as PromiseRejectedResult).reason })
    }),
    { numRuns, endOnFailure: true },
  )
}

test('behavior: 400 epochs, 2,000 transactions: reported, settled and handed over once, whatever answers are lost', async () => {
  const spent = 4_000_000_000n
  const money = fc.record({ paid: fc.constant(10_000_000_000n), spent: fc.constant(spent), owed: fc.bigInt(0n, 5000n) })
  await each(8, fc.tuple(script, money), ([script, money]) => closeEpoch(script, money))
})

test('behavior: 8,000 payments by x402 move money once or never, as the books say, whatever answers are lost', async () => {
  const payment = fc.record({ value: fc.bigInt(1n, 1000n), seconds: fc.bigInt(3n, 60n) })
  const ten = fc.array(payment, { minLength: 10, maxLength: 10 })
  await each(16, fc.tuple(script, ten), ([script, wanted]) => settlePayments(script, wanted))
})
