import {
  type Account,
  type Address,
  bytesToHex,
  createTestClient,
  encodeFunctionData,
  hexToBytes,
  http,
  keccak256,
  stringToHex,
  zeroAddress,
} from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { originBondCalls } from '../../test/origin'
import { commitKeyPoolCall, deliveryOf, signQuote } from '../../test/quote'
import { deploy } from '../deploy/deploy'
import { connect } from '../deploy/deployer'
import { joinMinter } from '../deploy/join-minter'
import {
  feeUp,
  promptHash,
  type Receipt,
  type Report,
  receiptHash,
  receiptTree,
  receiptTypedData,
  responseHash,
} from '../metering/receipt'
import { provesSum, sumProof } from '../metering/sum-tree'
import { type Voucher, voucherTypedData } from '../metering/voucher'
import { splitDown } from '../money/split'
import { localAccount } from './accounts'
import { claimCall } from './claim'
import { copyCall, deliverCall } from './copy'
import type { Deployment } from './deployment'
import {
  challengeCourtAbi,
  copyRegistryAbi,
  protocolAbi,
  testUsdAbi,
  treasuryAbi,
  usageLedgerAbi,
  userLedgerAbi,
} from './generated'
import { buyerSeedHash, orderCall } from './order'
import { permitOf, permitTypedData, readPermitState } from './permit'
import { registerCall } from './register'
import { copyStates } from './states'
import { termsHash } from './terms-hash'

const [deployer, minter] = [localAccount('deployer'), localAccount('minter')]
const [creator, cheat, poor, operator, client, user, friend, sessionKey] = [3, 4, 5, 6, 7, 8, 9, 10].map((index) =>
  localAccount(index),
)
const seed = keccak256(stringToHex('seed'))
const day = 86_400
const challengeBond = 10_000_000n
const licence = { derive: true, freeToDerive: true, commercial: true }
/** The fee is 1.50 USDC for a million tokens. */
const terms = {
  price: 25_000_000n,
  collateral: 50_000_000n,
  fee: 1_500_000n,
  royaltyBps: 0,
  floorBps: 0,
  leakBps: 0,
  licence,
}
/** What both hosts ask for a million tokens. */
const hostPrice = 4_000_000n

let anvil: Anvil
let contracts: Deployment['contracts']
let chainId: number
let reader: ReturnType<typeof connect>
let clock: ReturnType<typeof testClient>

const testClient = () => createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })

async function send(account: Account, call: object): Promise<void> {
  const wallet = connect(anvil.rpcUrl, account)
  const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
  const { status } = await wallet.waitForTransactionReceipt({ hash })
  expect(status).toBe('success')
}

beforeAll(async () => {
  anvil = await startAnvil(['--accounts', '12'])
  clock = testClient()
  reader = connect(anvil.rpcUrl, client)
  const deployment = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter: minter.address })
  await joinMinter(anvil.rpcUrl, minter, deployment, { faucet: true })
  ;({ contracts, chainId } = deployment)
  const model = { manifestRoot: seed, metadataURI: 'test:1', terms, parents: [], minters: [minter.address] }
  for (const call of originBondCalls(contracts, creator.address)) await send(creator, call)
  await send(creator, registerCall(contracts.modelRegistry, model))
  await send(minter, commitKeyPoolCall(contracts.modelRegistry, 1n, seed))
})

afterAll(() => anvil?.stop())

const usdOf = (address: Address) =>
  reader.readContract({ address: contracts.usd, abi: testUsdAbi, functionName: 'balanceOf', args: [address] })
const faucet = (account: Account, amount: bigint) =>
  send(account, { address: contracts.usd, abi: testUsdAbi, functionName: 'faucet', args: [account.address, amount] })
const approve = (account: Account, spender: Address, amount: bigint) =>
  send(account, { address: contracts.usd, abi: testUsdAbi, functionName: 'approve', args: [spender, amount] })
const usage = () => ({ address: contracts.usageLedger, abi: usageLedgerAbi }) as const
const users = () => ({ address: contracts.userLedger, abi: userLedgerAbi }) as const
const copyOf = (id: bigint) =>
  reader.readContract({ address: contracts.copyRegistry, abi: copyRegistryAbi, functionName: 'copies', args: [id] })

/** Buys a copy with all money that the host has, and opens a deployment. Returns the epoch in which its key may sign. */
async function serve(host: Account, copyId: bigint): Promise<bigint> {
  const total = terms.price + terms.collateral
  await faucet(host, total)
  await approve(host, contracts.copyRegistry, total)
  const wanted = { modelId: 1n, termsHash: termsHash(terms), buyer: host.address, buyerSeedHash: buyerSeedHash(seed) }
  const quote = await signQuote({ chainId, contracts }, minter, wanted)
  await send(host, orderCall(contracts.copyRegistry, quote))
  await send(minter, deliverCall(contracts.copyRegistry, copyId, deliveryOf(seed)))
  await send(host, copyCall(contracts.copyRegistry, 'accept', copyId))
  const deployment = [copyId, 'https://host.example/v1', hostPrice, operator.address, 2_000_000n] as const
  await send(host, { ...usage(), functionName: 'openDeployment', args: deployment })
  const key = { functionName: 'keyTerms', args: [copyId, operator.address] } as const
  const { from } = await reader.readContract({ ...usage(), ...key })
  return from
}

const receiptsOf = (copyId: bigint, epoch: bigint, answers: readonly { user: Address; units: bigint }[]) =>
  answers.map(({ user, units }, index): Receipt => {
    const hashes = { promptHash: promptHash(seed, [1, 2, 3]), responseHash: responseHash([4, 5]) }
    return { copyId, epoch, index: BigInt(index), user, ...hashes, units, issuedAt: 1_800_000_000n }
  })

function reportOf(copyId: bigint, epoch: bigint, receipts: readonly Receipt[]): Report {
  const { root, count, sum } = receiptTree(receipts)
  return { copyId, epoch, count, units: sum, receiptsRoot: bytesToHex(root) }
}

const signReceipt = (receipt: Receipt) =>
  operator.signTypedData(receiptTypedData(chainId, contracts.usageLedger, receipt))

test('default: a host reports two of three answers, and the receipt kept by its client costs it all its collateral', async () => {
  const epoch = await serve(cheat, 1n)
  await faucet(cheat, 1_000_000n)
  await approve(cheat, contracts.usageLedger, 1_000_000n)
  await send(cheat, { ...usage(), functionName: 'deposit', args: [1n, 1_000_000n] })
  const receipts = receiptsOf(1n, epoch, Array(3).fill({ user: zeroAddress, units: 700n }))
  const signature = await signReceipt(receipts[2])

  await clock.increaseTime({ seconds: day })
  const report = reportOf(1n, epoch, receipts.slice(0, 2))
  await send(operator, { ...usage(), functionName: 'report', args: Object.values(report) })
  await clock.increaseTime({ seconds: 2 * day })
  const salt = await commit(client, receiptHash(receipts[2]))
  await send(client, { ...court(), functionName: 'unreported', args: [receipts[2], signature, report, salt] })

  const { state, collateral, lastEpoch } = await copyOf(1n)
  expect(copyStates[state]).toBe('active')
  expect(collateral).toBe(0n)
  expect(BigInt(lastEpoch)).toBe(epoch + 3n)
})

test('default: a user pays a host that owns nothing; every balance equals the receipts', async () => {
  const copyId = 2n
  const epoch = await serve(poor, copyId)
  expect(await usdOf(poor.address)).toBe(0n)

  // The user deposits, reserves and names a key for its browser in one transaction. A friend signs each voucher itself.
  const [deposited, reserved] = [10_000_000n, 6_000_000n]
  const { timestamp } = await reader.getBlock()
  const named = [copyId, sessionKey.address, timestamp + 3600n, reserved] as const
  await pay(user, deposited, [
    encodeFunctionData({ abi: userLedgerAbi, functionName: 'reserve', args: [copyId, reserved] }),
    encodeFunctionData({ abi: userLedgerAbi, functionName: 'nameKey', args: named }),
  ])
  const friendly = 1_000_000n
  await pay(friend, friendly, [
    encodeFunctionData({ abi: userLedgerAbi, functionName: 'reserve', args: [copyId, friendly] }),
  ])

  // Each answer has a receipt, and a voucher of the same units follows from who asked.
  const answers = [
    { user: user.address, units: 412_345n },
    { user: friend.address, units: 77n },
    { user: user.address, units: 260_001n },
    { user: zeroAddress, units: 9_999n },
    { user: user.address, units: 1n },
  ]
  const receipts = receiptsOf(copyId, epoch, answers)
  const voucherOf = (asker: Address): Voucher => {
    const units = answers.reduce((sum, answer) => sum + (answer.user === asker ? answer.units : 0n), 0n)
    return { copyId, user: asker, cumulativeUnits: units, cumulativeAmount: feeUp(units, hostPrice) }
  }
  const [promised, friendPromised] = [voucherOf(user.address), voucherOf(friend.address)]
  const vouchers = [
    { ...promised, signature: await signVoucher(sessionKey, promised) },
    { ...friendPromised, signature: await signVoucher(friend, friendPromised) },
  ]

  await clock.increaseTime({ seconds: day })
  const tree = receiptTree(receipts)
  const report = reportOf(copyId, epoch, receipts)
  const earned = () =>
    reader.readContract({ address: contracts.treasury, abi: treasuryAbi, functionName: 'earned', args: [1n] })
  const earnedBefore = await earned()
  await send(poor, { ...users(), functionName: 'reportAndSettle', args: [report, vouchers] })

  const paid = promised.cumulativeAmount + friendPromised.cumulativeAmount
  const fee = feeUp(tree.sum, terms.fee)
  expect(tree.sum).toBe(682_423n)
  expect([paid, fee]).toEqual([2_689_388n + 308n, 1_023_635n])
  const balanceOf = (account: Address) =>
    reader.readContract({ ...users(), functionName: 'balanceOf', args: [account] })
  const reservationOf = (account: Address) =>
    reader.readContract({ ...users(), functionName: 'reservations', args: [copyId, account] })
  const ofCopy = (functionName: 'reportedUnits' | 'owed' | 'locked') =>
    reader.readContract({ ...usage(), functionName, args: [copyId] })
  expect(await balanceOf(user.address)).toBe(deposited - reserved)
  expect(await reservationOf(user.address)).toMatchObject({
    amount: reserved - promised.cumulativeAmount,
    settledUnits: promised.cumulativeUnits,
    settledAmount: promised.cumulativeAmount,
  })
  expect(await reservationOf(friend.address)).toMatchObject({ amount: friendly - friendPromised.cumulativeAmount })
  expect(await balanceOf(poor.address)).toBe(paid - fee)
  expect(await ofCopy('reportedUnits')).toBe(tree.sum)
  expect(await reader.readContract({ ...users(), functionName: 'settledUnits', args: [copyId] })).toBe(
    promised.cumulativeUnits + friendPromised.cumulativeUnits,
  )
  expect(await ofCopy('owed')).toBe(0n)
  expect(await ofCopy('locked')).toBe(10n * fee)

  // The same vouchers pay nothing twice, and the host takes home what it earned.
  await send(poor, { ...users(), functionName: 'settle', args: [copyId, vouchers] })
  expect(await balanceOf(poor.address)).toBe(paid - fee)
  await send(poor, { ...users(), functionName: 'withdraw', args: [paid - fee] })
  expect(await usdOf(poor.address)).toBe(paid - fee)
  expect(await usdOf(contracts.userLedger)).toBe(deposited + friendly - paid)

  // The fee is the model’s income, less the cuts.
  const [protocolBps, proverBps, minterBps] = await reader.readContract({
    address: contracts.protocol,
    abi: protocolAbi,
    functionName: 'cuts',
  })
  expect((await earned()) - earnedBefore).toBe(splitDown(fee, { protocolBps, proverBps, minterBps }, []).shares)

  // What is left goes back: the rest of the deposit at once, the reservation after an epoch, a grace and two days.
  await send(user, { ...users(), functionName: 'requestRelease', args: [copyId] })
  await clock.increaseTime({ seconds: 4 * day })
  await send(client, { ...users(), functionName: 'release', args: [copyId, user.address] })
  const left = deposited - promised.cumulativeAmount
  await send(user, { ...users(), functionName: 'withdraw', args: [left] })
  expect(await usdOf(user.address)).toBe(left)
})

test('behavior: a host answers a challenge with the proof of its receipt, and earns the bond', async () => {
  const copyId = 3n
  const epoch = await serve(poor, copyId)
  const receipts = receiptsOf(
    copyId,
    epoch,
    [5n, 8n, 13n, 21n, 34n].map((units) => ({ user: zeroAddress, units })),
  )
  await clock.increaseTime({ seconds: day })
  const report = reportOf(copyId, epoch, receipts)
  await send(operator, { ...usage(), functionName: 'report', args: Object.values(report) })
  await clock.increaseTime({ seconds: 2 * day })

  const salt = await commit(client, receiptHash(receipts[2]))
  const evidence = [receipts[2], await signReceipt(receipts[2]), report, salt]
  await send(client, { ...court(), functionName: 'missing', args: evidence })
  const tree = receiptTree(receipts)
  const siblings = sumProof(tree, 2)
  const leaf = { data: hexToBytes(receiptHash(receipts[2])), sum: 13n }
  expect(provesSum(tree, leaf, 2n, siblings)).toBe(true)
  const proof = siblings.map(({ hash, sum }) => ({ hash: bytesToHex(hash), sum }))
  await send(operator, { ...court(), functionName: 'answer', args: [report, receipts[2], proof] })

  const before = await usdOf(poor.address)
  await send(client, claimCall(contracts.treasury, { account: poor.address, models: [] }))
  expect((await usdOf(poor.address)) - before).toBe(challengeBond)
  expect((await copyOf(copyId)).collateral).toBe(terms.collateral)
})

const court = () => ({ address: contracts.challengeCourt, abi: challengeCourtAbi }) as const

/** Commits to evidence with a bond, and waits until it may be revealed. Returns the salt. */
async function commit(account: typeof user, evidence: `0x${string}`): Promise<`0x${string}`> {
  const salt = keccak256(stringToHex('salt'))
  await faucet(account, challengeBond)
  await approve(account, contracts.challengeCourt, challengeBond)
  const args = [account.address, evidence, salt] as const
  const commitment = await reader.readContract({ ...court(), functionName: 'commitmentOf', args })
  await send(account, { ...court(), functionName: 'commit', args: [commitment] })
  await clock.mine({ blocks: 2 })
  return salt
}

/** Deposits with a permit, and does more, in one transaction. */
async function pay(account: typeof user, amount: bigint, more: readonly `0x${string}`[]): Promise<void> {
  await faucet(account, amount)
  const state = await readPermitState(reader, contracts.usd, account.address)
  const permitted = { owner: account.address, spender: contracts.userLedger, value: amount }
  const permit = permitOf(await account.signTypedData(permitTypedData(state, permitted)), amount)
  const deposit = encodeFunctionData({ abi: userLedgerAbi, functionName: 'depositWithPermit', args: [amount, permit] })
  await send(account, { ...users(), functionName: 'multicall', args: [[deposit, ...more]] })
}

const signVoucher = (account: typeof user, voucher: Voucher) =>
  account.signTypedData(voucherTypedData(chainId, contracts.userLedger, voucher))
