import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Address, bytesToHex, type Hex, parseAbiItem } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { challengeCourtAbi, usageLedgerAbi, userLedgerAbi } from '../chain/generated'
import { messageOf } from '../error'
import { compactSumProof, compactSumTree } from '../metering/compact-sum-tree'
import { type Report, receiptHash, reportHash } from '../metering/receipt'
import { coveringVoucher, safeVoucher } from './account'
import type { Books } from './books'
import type { HostChain } from './chain'
import type { SignedVoucher } from './log/records'
import { sendOnce } from './send-once'
import { readOr, storeJson } from './stored-json'
import { handOver } from './x402/hand-over'

export type EpochsOptions = {
  books: Books
  chain: HostChain
  folder: string
  /** Files reports and answers challenges; it needs gas. */
  operator: PrivateKeyAccount
  /** The copy’s owner, who alone may settle vouchers; null where it signs elsewhere. */
  owner: PrivateKeyAccount | null
  /** Whether the operator key is paid by x402, and hands on what that has earned. */
  paidDirectly?: boolean
  /** Between questions whether a transaction is included. */
  pollMs?: number
  say(line: string): void
}

export type Epochs = {
  /**
   * Reports closed epochs, settles vouchers, answers challenges. Of several gateways of a copy only the one that leads does,
   * and each hands on what it was paid itself. Safe to call at any time and again.
   */
  work(signal?: AbortSignal): Promise<void>
  /** What the owner has to sign where the gateway does not hold its key: vouchers to settle. */
  toSettle(): Promise<SignedVoucher[]>
}

const zeroHash: Hex = `0x${'0'.repeat(64)}`
const challenged = parseAbiItem(
  'event Challenged(bytes32 indexed receiptHash, uint256 indexed copyId, address indexed challenger, uint64 epoch, uint64 index, uint64 committedAt)',
)
const openChallenge = 1
const mostVouchersAtOnce = 50

/** Reports epochs once each, settles what users have promised, and answers challenges of missing receipts. */
export async function openEpochs(options: EpochsOptions): Promise<Epochs> {
  const { books, chain, folder, operator, owner, pollMs, say } = options
  const { client, deployment, copyId } = chain
  const { contracts } = deployment
  const usage = { address: contracts.usageLedger, abi: usageLedgerAbi } as const
  const users = { address: contracts.userLedger, abi: userLedgerAbi } as const
  const court = { address: contracts.challengeCourt, abi: challengeCourtAbi } as const
  await mkdir(folder, { recursive: true })
  const file = (name: string) => join(folder, name)

  const treeOf = async (epoch: bigint) => {
    const { hashes, units } = await books.leaves(epoch)
    return compactSumTree(hashes, BigUint64Array.from(units))
  }
  const reportOf = async (epoch: bigint): Promise<Report | null> => {
    const { root, count, sum } = await treeOf(epoch)
    return count === 0n ? null : { copyId, epoch, count, units: sum, receiptsRoot: bytesToHex(root) }
  }
  const filedHash = (epoch: bigint) =>
    client.readContract({ ...usage, functionName: 'reportHash', args: [copyId, epoch] })
  const deadlineOf = (epoch: bigint) => client.readContract({ ...usage, functionName: 'reportDeadline', args: [epoch] })

  /** Epochs that need nothing more, so that they are not read again after a restart. */
  const finished = new Set<string>(JSON.parse((await readOr(file('finished.json'), '[]')) || '[]') as string[])

  async function report(epoch: bigint, signal?: AbortSignal): Promise<void> {
    const own = await reportOf(epoch)
    if (own) {
      const args = [own.copyId, own.epoch, own.count, own.units, own.receiptsRoot] as const
      const now = await chain.time()
      const deadline = await deadlineOf(epoch)
      if ((await filedHash(epoch)) === zeroHash) {
        if (now <= deadline && !(await books.leads())) return // another gateway of the copy files it
        if (now > deadline) {
          say(`Epoch ${epoch} was not reported within its grace: its ${own.count} receipts are unreported.`)
        } else
          await sendOnce({
            ...{ client, account: operator, signal, pollMs, file: file(`report-${epoch}.tx`) },
            done: async () => (await filedHash(epoch)) !== zeroHash,
            call: { ...usage, functionName: 'report', args },
          })
      }
      const filed = await filedHash(epoch)
      if (filed === zeroHash && now <= deadline) return // the server that was asked is behind: looked at again
      if (filed === reportHash(own)) say(`Epoch ${epoch} is reported: ${own.count} receipts, ${own.units} tokens.`)
      else if (filed !== zeroHash) say(`Epoch ${epoch} was reported by somebody else, with other receipts than these.`)
    }
    finished.add(String(epoch))
    await storeJson(file('finished.json'), [...finished])
  }

  /** Vouchers worth settling. One that promises more than its receipts is taken once its user has been quiet for an epoch. */
  async function toSettle(): Promise<SignedVoucher[]> {
    const { units: before } = await lastSettled()
    const chosen: SignedVoucher[] = []
    for (const account of await books.accounts()) {
      const { user, units } = account
      const reservation = await chain.reservation(user, { fresh: true })
      const quiet = before[user] === String(units) || reservation.leavesAt > 0n
      const safe = safeVoucher(account)
      const voucher = quiet ? (coveringVoucher(account) ?? safe) : safe
      if (voucher && voucher.cumulativeUnits > reservation.settledUnits) chosen.push(voucher)
    }
    return chosen
  }

  async function settle(account: PrivateKeyAccount, signal?: AbortSignal): Promise<void> {
    const vouchers: SignedVoucher[] = []
    for (const voucher of await toSettle()) {
      const bad = await refusal(account, [voucher])
      if (bad) say(`The voucher of ${voucher.user} is not settled: ${bad}`)
      else vouchers.push(voucher)
    }
    for (let from = 0; from < vouchers.length; from += mostVouchersAtOnce) {
      const some = vouchers.slice(from, from + mostVouchersAtOnce)
      const receipt = await sendOnce({
        ...{ client, account, signal, pollMs, file: file('settle.tx') },
        done: async () => (await headroom()) === 0n || !(await anyUnsettled(some)),
        call: settleCall(some),
      })
      if (receipt) say(`Settled ${some.length} vouchers.`)
    }
    if ((await headroom()) > 0n && (await anyUnsettled(vouchers))) return // as said by a server that is behind: looked at again
    const now = Object.fromEntries((await books.accounts()).map(({ user, units }) => [user, String(units)]))
    await storeJson(file('settled.json'), { reports: finished.size, units: now })
  }

  /** How many epochs had been reported when vouchers were last settled, and the units of each user then. */
  const lastSettled = async (): Promise<{ reports: number; units: Record<Address, string> }> =>
    JSON.parse((await readOr(file('settled.json'), '')) || '{"reports":0,"units":{}}')

  /** How many epochs had been reported when payments were last handed over. */
  const lastHandedOver = async (): Promise<number> => Number(await readOr(file('handed-over.json'), '0'))

  const headroom = async (): Promise<bigint> => {
    const [reported, settled] = await Promise.all([
      client.readContract({ ...usage, functionName: 'reportedUnits', args: [copyId] }),
      client.readContract({ ...users, functionName: 'settledUnits', args: [copyId] }),
    ])
    return reported - settled
  }
  const anyUnsettled = async (vouchers: SignedVoucher[]): Promise<boolean> => {
    const reservations = await Promise.all(vouchers.map(({ user }) => chain.reservation(user, { fresh: true })))
    return vouchers.some(({ cumulativeUnits }, i) => cumulativeUnits > reservations[i].settledUnits)
  }
  const settleCall = (vouchers: SignedVoucher[]) => {
    const signed = vouchers.map(({ copyId: _, ...voucher }) => voucher)
    return { ...users, functionName: 'settle', args: [copyId, signed] } as const
  }
  /** Why the contract would refuse a voucher, which would keep all others from being settled. */
  const refusal = async (account: PrivateKeyAccount, vouchers: SignedVoucher[]): Promise<string | null> => {
    return client.simulateContract({ ...settleCall(vouchers), account } as never).then(
      () => null,
      (error) => messageOf(error).split('\n')[0],
    )
  }

  async function answerChallenges(signal?: AbortSignal): Promise<void> {
    const from = BigInt((await readOr(file('challenges.block'), '')) || deployment.block)
    const latest = await client.getBlockNumber()
    if (from > latest) return
    const logs = await client.getLogs({
      ...{ address: contracts.challengeCourt, event: challenged, args: { copyId }, fromBlock: from, toBlock: latest },
    })
    for (const { args } of logs) {
      const { receiptHash: hash, epoch, index } = args as { receiptHash: Hex; epoch: bigint; index: bigint }
      await answer({ hash, epoch, index }, signal)
    }
    await writeFile(file('challenges.block'), String(latest + 1n))
  }

  async function answer(about: { hash: Hex; epoch: bigint; index: bigint }, signal?: AbortSignal): Promise<void> {
    const { hash, epoch, index } = about
    const state = async () => (await client.readContract({ ...court, functionName: 'challenges', args: [hash] })).state
    if ((await state()) !== openChallenge) return
    const stored = await books.receiptAt(epoch, index)
    if (!stored || receiptHash(stored.receipt) !== hash) {
      say(
        `A receipt that is not in the books was shown for index ${index} of epoch ${epoch}: the operator key may be stolen.`,
      )
      return
    }
    const tree = await treeOf(epoch)
    const own: Report = { copyId, epoch, count: tree.count, units: tree.sum, receiptsRoot: bytesToHex(tree.root) }
    const siblings = compactSumProof(tree, Number(index)).map((node) => ({
      hash: bytesToHex(node.hash),
      sum: node.sum,
    }))
    await sendOnce({
      ...{ client, account: operator, signal, pollMs, file: file(`answer-${epoch}-${index}.tx`) },
      done: async () => (await state()) !== openChallenge,
      call: { ...court, functionName: 'answer', args: [own, stored.receipt, siblings] },
    })
    say(`Answered the challenge of receipt ${index} of epoch ${epoch}.`)
  }

  return {
    async work(signal) {
      await books.turn()
      const leads = await books.leads()
      if (leads) await answerChallenges(signal)
      for (const epoch of await books.closedEpochs()) {
        if (finished.has(String(epoch))) continue
        await report(epoch, signal)
      }
      if (owner && leads && (await lastSettled()).reports < finished.size) await settle(owner, signal)
      const number = await lastHandedOver()
      if (options.paidDirectly && number < finished.size) {
        await handOver({ books, chain, folder, account: operator, number, pollMs, say, signal })
        await storeJson(file('handed-over.json'), finished.size)
      }
    },
    toSettle,
  }
}
