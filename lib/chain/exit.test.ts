import {
  type Abi,
  type Account,
  type Address,
  createTestClient,
  encodeFunctionData,
  http,
  keccak256,
  maxUint256,
  stringToHex,
} from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Anvil, startAnvil } from '../../test/anvil'
import { originBondCalls } from '../../test/origin'
import { commitKeyPoolCall, deliveryOf, signQuote } from '../../test/quote'
import { deploy } from '../deploy/deploy'
import { connect } from '../deploy/deployer'
import { joinMinter } from '../deploy/join-minter'
import { parameters } from '../deploy/parameters'
import { feeUp } from '../metering/receipt'
import { voucherTypedData } from '../metering/voucher'
import { splitDown } from '../money/split'
import { localAccount } from './accounts'
import { chainError } from './chain-error'
import { claimCall } from './claim'
import { copyCall, deliverCall } from './copy'
import type { Deployment } from './deployment'
import {
  copyRegistryAbi,
  minterRegistryAbi,
  modelRegistryAbi,
  protocolAbi,
  proverRegistryAbi,
  testUsdAbi,
  usageLedgerAbi,
  userLedgerAbi,
} from './generated'
import { toModelId } from './ids'
import { buyerSeedHash, orderCall } from './order'
import { claimOriginBondCall } from './origin'
import { registerCall } from './register'
import { copyStates } from './states'
import { termsHash } from './terms-hash'

const [deployer, minter] = [localAccount('deployer'), localAccount('minter')]
const [creator, host, operator, user, prover, stranger] = [3, 4, 5, 6, 7, 8].map((index) => localAccount(index))
const seed = keccak256(stringToHex('seed'))
const day = 86_400
const licence = { derive: true, freeToDerive: true, commercial: true }
const terms = {
  price: 25_000_000n,
  collateral: 50_000_000n,
  fee: 1_500_000n,
  royaltyBps: 0,
  floorBps: 0,
  leakBps: 5000,
  licence,
}
const cuts = { protocolBps: 250, proverBps: 250, minterBps: 500 }
const stake = parameters.proverStake
const minters = [minter.address]

let anvil: Anvil
let first: Deployment
let second: Deployment
let reader: ReturnType<typeof connect>
let clock: ReturnType<typeof testClient>

const testClient = () => createTestClient({ mode: 'anvil', transport: http(anvil.rpcUrl) })

type Call = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] }

async function send(account: Account, call: Call): Promise<void> {
  const wallet = connect(anvil.rpcUrl, account)
  const hash = await wallet.writeContract({ ...call, chain: null })
  const { status } = await wallet.waitForTransactionReceipt({ hash })
  expect(status).toBe('success')
}

const calls =
  (address: Address, abi: Abi) =>
  (functionName: string, args: readonly unknown[]): Call => ({ address, abi, functionName, args })
const pass = (days: number) => clock.increaseTime({ seconds: days * day })
const usdOf = (address: Address) =>
  reader.readContract({ address: first.contracts.usd, abi: testUsdAbi, functionName: 'balanceOf', args: [address] })

/** Gives an account money, which it lets a contract take. */
async function fund(account: typeof user, spender: Address, amount: bigint): Promise<void> {
  const usd = calls(first.contracts.usd, testUsdAbi)
  await send(account, usd('faucet', [account.address, amount]))
  await send(account, usd('approve', [spender, maxUint256]))
}

const register = ({ contracts }: Deployment) =>
  registerCall(contracts.modelRegistry, { manifestRoot: seed, metadataURI: 'test:1', terms, parents: [], minters })

async function order(deployment: Deployment): Promise<Call> {
  const wanted = { modelId: 1n, termsHash: termsHash(terms), buyer: host.address, buyerSeedHash: buyerSeedHash(seed) }
  return orderCall(deployment.contracts.copyRegistry, await signQuote(deployment, minter, wanted))
}

/** The protocol's owner, a timelock, admits a prover. */
async function admit(deployment: Deployment, account: Address): Promise<void> {
  const { proverRegistry, protocol } = deployment.contracts
  const owner = await reader.readContract({ address: protocol, abi: protocolAbi, functionName: 'owner' })
  const data = encodeFunctionData({ abi: proverRegistryAbi, functionName: 'admit', args: [account, true] })
  await clock.impersonateAccount({ address: owner })
  await clock.setBalance({ address: owner, value: 10n ** 18n })
  const transaction = [{ from: owner, to: proverRegistry, data }]
  await clock.request({ method: 'eth_sendTransaction', params: transaction } as never)
}

/** A model, a copy of it and a prover. The minter has its bond. */
async function settle(deployment: Deployment): Promise<void> {
  const { copyRegistry, modelRegistry, proverRegistry } = deployment.contracts
  for (const call of originBondCalls(deployment.contracts, creator.address)) await send(creator, call)
  await send(creator, register(deployment))
  await send(minter, commitKeyPoolCall(modelRegistry, 1n, seed))
  await fund(host, copyRegistry, terms.price + terms.collateral)
  await send(host, await order(deployment))
  await send(minter, deliverCall(copyRegistry, 1n, deliveryOf(seed)))
  await send(host, copyCall(copyRegistry, 'accept', 1n))
  await admit(deployment, prover.address)
  await fund(prover, proverRegistry, stake)
  await send(prover, calls(proverRegistry, proverRegistryAbi)('stake', [stake]))
}

beforeAll(async () => {
  anvil = await startAnvil()
  clock = testClient()
  reader = connect(anvil.rpcUrl, stranger)
  first = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter: minter.address })
  await joinMinter(anvil.rpcUrl, minter, first, { faucet: true })
})
afterAll(() => anvil?.stop())

test('default: a second deployment stands beside the first, and everybody leaves the first with all that is theirs', async () => {
  const old = first.contracts
  const usage = calls(old.usageLedger, usageLedgerAbi)
  const users = calls(old.userLedger, userLedgerAbi)
  const provers = calls(old.proverRegistry, proverRegistryAbi)
  const bonds = calls(old.minterRegistry, minterRegistryAbi)
  await settle(first)
  const [prepaid, deposited, reserved] = [3_000_000n, 9_000_000n, 8_000_000n]
  await fund(host, old.usageLedger, prepaid)
  await send(host, usage('deposit', [1n, prepaid]))
  const served = [1n, 'https://host.example/v1', 4_000_000n, operator.address, 2_000_000n]
  await send(host, usage('openDeployment', served))
  await fund(user, old.userLedger, deposited)
  await send(user, users('deposit', [deposited]))
  await send(user, users('reserve', [1n, reserved]))

  // The second is paid with the same money, and has the same model, minter, host and prover.
  await send(deployer, calls(old.usd, testUsdAbi)('faucet', [deployer.address, 1_000_000n]))
  const salt = keccak256(stringToHex('second'))
  second = await deploy({ rpcUrl: anvil.rpcUrl, deployer, minter: minter.address, usd: old.usd, salt })
  expect(second.contracts.treasury).not.toBe(old.treasury)
  await joinMinter(anvil.rpcUrl, minter, second, { faucet: true })
  await settle(second)
  const held = await Promise.all(Object.values(second.contracts).map(usdOf))
  const before = await Promise.all([creator, host, user, prover, minter, deployer].map(({ address }) => usdOf(address)))

  // Nothing is sold here any more, the copy is closed, and everybody asks for what is theirs. The host answered in the
  // last epoch: it has a day to report it, and its user's voucher pays.
  await send(creator, calls(old.modelRegistry, modelRegistryAbi)('retire', [1n]))
  const epoch = BigInt((await reader.getBlock()).timestamp) / BigInt(day)
  const units = 1_234_567n
  const paid = feeUp(units, 4_000_000n)
  await send(host, copyCall(old.copyRegistry, 'close', 1n))
  await send(user, users('requestRelease', [1n]))
  await send(prover, provers('exit', []))
  await send(minter, bonds('resign', []))
  const refused = await reader.simulateContract({ ...(await order(first)), account: host }).catch(chainError)
  expect(refused).toMatchObject({ code: 'contract.ModelRetired', facts: { id: 1n } })

  await pass(1)
  const voucher = { copyId: 1n, user: user.address, cumulativeUnits: units, cumulativeAmount: paid }
  const signature = await user.signTypedData(voucherTypedData(first.chainId, old.userLedger, voucher))
  const report = { copyId: 1n, epoch, count: 1n, units, receiptsRoot: seed }
  await send(host, users('reportAndSettle', [report, [{ ...voucher, signature }]]))
  await send(host, users('withdraw', [paid]))
  const fee = feeUp(units, terms.fee)
  await send(host, usage('requestWithdrawal', [1n, prepaid - fee]))
  await pass(2)
  await send(stranger, usage('withdraw', [1n]))
  await pass(1)
  await send(stranger, users('release', [1n, user.address]))
  await send(user, users('withdraw', [deposited - paid]))
  await pass(6)
  await send(stranger, copyCall(old.copyRegistry, 'withdraw', 1n))
  await send(stranger, provers('withdraw', [prover.address]))
  await send(minter, bonds('withdrawBond', []))
  await pass(180)
  await send(stranger, copyCall(old.copyRegistry, 'withdraw', 1n))
  await send(stranger, claimCall(old.treasury, { account: creator.address, models: [1n] }))
  await send(stranger, claimOriginBondCall(old.origins, toModelId(1n), 1))
  for (const account of [host.address, minter.address, deployer.address, old.proverRegistry])
    await send(stranger, claimCall(old.treasury, { account, models: [] }))

  const [sale, usageFee] = [terms.price, fee].map((amount) => splitDown(amount, cuts, []))
  const after = await Promise.all([creator, host, user, prover, minter, deployer].map(({ address }) => usdOf(address)))
  expect(after.map((balance, i) => balance - before[i])).toEqual([
    sale.shares + usageFee.shares + parameters.originBond,
    terms.collateral + prepaid - fee + paid,
    deposited - paid,
    stake,
    parameters.minterBond + sale.minter + usageFee.minter,
    sale.protocol + usageFee.protocol,
  ])

  // Nothing is left in the first but the cuts of the prover pool. The second was not touched.
  for (const contract of [
    old.copyRegistry,
    old.usageLedger,
    old.userLedger,
    old.minterRegistry,
    old.treasury,
    old.origins,
  ])
    expect(await usdOf(contract)).toBe(0n)
  expect(await usdOf(old.proverRegistry)).toBe(sale.provers + usageFee.provers)
  expect(await Promise.all(Object.values(second.contracts).map(usdOf))).toEqual(held)
  const copies = { address: second.contracts.copyRegistry, abi: copyRegistryAbi } as const
  const { state } = await reader.readContract({ ...copies, functionName: 'copies', args: [1n] })
  expect(copyStates[state]).toBe('active')
}, 120_000)
