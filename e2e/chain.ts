import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Abi,
  type Address,
  createTestClient,
  createWalletClient,
  custom,
  type Hex,
  keccak256,
  type LocalAccount,
  maxUint256,
  parseEther,
  publicActions,
  walletActions,
} from 'viem'
import { allowBondCall } from '../lib/chain/case'
import { deliverCall } from '../lib/chain/copy'
import { parseDeployment } from '../lib/chain/deployment'
import {
  copyRegistryAbi,
  minterRegistryAbi,
  modelGovernorFactoryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  protocolAbi,
  testUsdAbi,
  treasuryAbi,
} from '../lib/chain/generated'
import { httpWithGasMargin } from '../lib/chain/http-with-gas-margin'
import { orderCall } from '../lib/chain/order'
import { joinMinter } from '../lib/deploy/join-minter'
import { parameters } from '../lib/deploy/parameters'
import { deliveryOf, signQuote } from '../test/quote'
import { here, rpcUrlOf } from './place'

/** What publishing a version locks. */
export const { originBond } = parameters

/** The chain of the story that runs. */
export const rpcUrl = () => rpcUrlOf(here())

/** Asks that chain at every call. */
const chainHere = custom({ request: (call) => httpWithGasMargin(rpcUrl())({}).request(call) }, { retryCount: 0 })

/** Reads and writes the chain directly, without the app: specs check final balances here. */
export const chain = createTestClient({ mode: 'anvil', transport: chainHere, pollingInterval: 50 })
  .extend(publicActions)
  .extend(walletActions)

export function deployment() {
  return parseDeployment(readFileSync(join(here().data, 'deployment.json'), 'utf8'))
}

/** Gives an account ETH for gas and `usd` USDC. The account calls the faucet itself, so parallel specs share no nonce. */
export async function faucet(account: LocalAccount, usd: bigint): Promise<void> {
  await chain.setBalance({ address: account.address, value: parseEther('10') })
  if (usd === 0n) return
  const hash = await chain.writeContract({
    account,
    chain: null,
    address: deployment().contracts.usd,
    abi: testUsdAbi,
    functionName: 'faucet',
    args: [account.address, usd],
  })
  await chain.waitForTransactionReceipt({ hash })
}

export function usdOf(account: Address): Promise<bigint> {
  return chain.readContract({
    address: deployment().contracts.usd,
    abi: testUsdAbi,
    functionName: 'balanceOf',
    args: [account],
  })
}

type CountedEvent = { address: Address; abi: Abi; eventName: string; args: object }

/** How often an event has happened, and with it the write that causes it. */
export async function countOf(event: CountedEvent): Promise<number> {
  return (await chain.getContractEvents({ ...event, fromBlock: 0n })).length
}

/** How many copies an account has ordered, and so paid. */
export function ordersOf(buyer: Address): Promise<number> {
  const { copyRegistry: address } = deployment().contracts
  return countOf({ address, abi: copyRegistryAbi, eventName: 'Ordered', args: { buyer } })
}

/** How many models an account has registered. */
export function registrationsOf(creator: Address): Promise<number> {
  const { modelRegistry: address } = deployment().contracts
  return countOf({ address, abi: modelRegistryAbi, eventName: 'Registered', args: { creator } })
}

/** What is left of a copy’s collateral. */
export async function collateralOf(id: bigint): Promise<bigint> {
  const address = deployment().contracts.copyRegistry
  const copy = await chain.readContract({ address, abi: copyRegistryAbi, functionName: 'copies', args: [id] })
  return copy.collateral
}

export function nonceOf(account: Address): Promise<number> {
  return chain.getTransactionCount({ address: account })
}

/** Makes the node forget the transactions of an account that wait. */
export async function drop(account: Address): Promise<void> {
  await chain.request({ method: 'anvil_removePoolTransactions', params: [account] } as never)
}

/** An account sends nothing to itself. */
export function sendNothing(
  account: LocalAccount,
  fields: { nonce?: number; maxFeePerGas?: bigint } = {},
): Promise<Hex> {
  return chain.sendTransaction({ account, chain: null, to: account.address, ...fields })
}

export function claimable(model: bigint, account: Address): Promise<bigint> {
  return chain.readContract({
    address: deployment().contracts.treasury,
    abi: treasuryAbi,
    functionName: 'claimable',
    args: [model, account],
  })
}

export async function send(account: LocalAccount, call: object): Promise<void> {
  const wallet = createWalletClient({ account, transport: chainHere, pollingInterval: 50 }).extend(publicActions)
  const hash = await wallet.writeContract({ ...call, chain: null } as Parameters<typeof wallet.writeContract>[0])
  const { status } = await wallet.waitForTransactionReceipt({ hash })
  if (status !== 'success') throw new Error(`Transaction ${hash} was reverted.`)
}

/** Sends a part of a model’s million shares to somebody else. */
export async function sendShares(from: LocalAccount, model: bigint, to: Address, shares: bigint): Promise<void> {
  const address = await sharesOf(model)
  const args = [to, shares * 10n ** 18n]
  await send(from, { address, abi: modelSharesAbi, functionName: 'transfer', args })
}

export function sharesOf(model: bigint): Promise<Address> {
  const { modelRegistry: address } = deployment().contracts
  return chain.readContract({ address, abi: modelRegistryAbi, functionName: 'shares', args: [model] })
}

export function controllerOf(model: bigint): Promise<Address> {
  const { modelRegistry: address } = deployment().contracts
  return chain.readContract({ address, abi: modelRegistryAbi, functionName: 'controllerOf', args: [model] })
}

/** An account registers a child of a model under the same terms, without files. Returns its id. */
export async function registerChild(account: LocalAccount, parent: bigint): Promise<bigint> {
  const { modelRegistry: address } = deployment().contracts
  const registry = { address, abi: modelRegistryAbi } as const
  const [terms, termsHash] = await Promise.all([
    chain.readContract({ ...registry, functionName: 'terms', args: [parent] }),
    chain.readContract({ ...registry, functionName: 'termsHash', args: [parent] }),
  ])
  const ref = { id: parent, relation: 0, termsHash, copyId: 0n }
  const args = [keccak256(account.address), 'https://nowhere.example/', terms, [ref], []]
  await send(account, { ...registry, functionName: 'register', args })
  const event = { ...registry, eventName: 'Registered', args: { creator: account.address } } as const
  const [registered] = (await chain.getContractEvents({ ...event, fromBlock: 0n })).reverse()
  return registered.args.id as bigint
}

/** Creates the contract by which the holders of a model vote; returns its address. */
export async function createGovernor(account: LocalAccount, model: bigint): Promise<Address> {
  const { modelGovernorFactory: address } = deployment().contracts
  const factory = { address, abi: modelGovernorFactoryAbi } as const
  await send(account, { ...factory, functionName: 'create', args: [model] })
  return chain.readContract({ ...factory, functionName: 'governorOf', args: [model] })
}

/** Whoever controls a model stops its sale. Rejects when somebody else tries. */
export async function retire(account: LocalAccount, model: bigint): Promise<void> {
  const { modelRegistry: address } = deployment().contracts
  await send(account, { address, abi: modelRegistryAbi, functionName: 'retire', args: [model] })
}

/** The controller names another minter, which puts up a bond. */
export async function nameMinter(controller: LocalAccount, model: bigint, minter: LocalAccount): Promise<void> {
  const { contracts } = deployment()
  await chain.setBalance({ address: minter.address, value: parseEther('10') })
  await joinMinter(rpcUrl(), minter, deployment(), { faucet: true })
  const args = [model, minter.address, true]
  await send(controller, { address: contracts.modelRegistry, abi: modelRegistryAbi, functionName: 'nameMinter', args })
}

/** The buyer orders from a minter that then delivers garbage; returns the copy’s id. The key pool must be on the chain. */
export async function orderGarbage(buyer: LocalAccount, model: bigint, minter: LocalAccount): Promise<bigint> {
  const { contracts } = deployment()
  const { modelRegistry, copyRegistry, minterRegistry, usd } = contracts
  const registry = { address: modelRegistry, abi: modelRegistryAbi } as const
  const termsHash = await chain.readContract({ ...registry, functionName: 'termsHash', args: [model] })
  const seed = keccak256(buyer.address)
  const wanted = { modelId: model, termsHash, buyer: buyer.address, buyerSeedHash: keccak256(seed) }
  const signed = await signQuote(deployment(), minter, wanted)
  const approval = [copyRegistry, maxUint256] as const
  await send(buyer, { address: usd, abi: testUsdAbi, functionName: 'approve', args: approval })
  await send(buyer, orderCall(copyRegistry, signed))
  const minters = { address: minterRegistry, abi: minterRegistryAbi } as const
  const digest = await chain.readContract({ ...minters, functionName: 'quoteDigest', args: [signed.quote] })
  const copy = await chain.readContract({ ...minters, functionName: 'orderOf', args: [digest] })
  await send(minter, deliverCall(copyRegistry, copy, deliveryOf(seed)))
  return copy
}

export async function hasKeyPool(model: bigint): Promise<boolean> {
  const { modelRegistry: address } = deployment().contracts
  const args = [model, 1] as const
  const pool = await chain.readContract({ address, abi: modelRegistryAbi, functionName: 'keyPool', args })
  return BigInt(pool.root) !== 0n
}

export function creditOf(account: Address): Promise<bigint> {
  const { treasury: address } = deployment().contracts
  return chain.readContract({ address, abi: treasuryAbi, functionName: 'credit', args: [account] })
}

export async function bondOf(minter: Address): Promise<bigint> {
  const { minterRegistry: address } = deployment().contracts
  const { bond } = await chain.readContract({
    address,
    abi: minterRegistryAbi,
    functionName: 'minters',
    args: [minter],
  })
  return bond
}

/** Lets the chain’s clock run until a minter’s time to answer a refusal is over. */
export async function passAnswerWindow(): Promise<void> {
  await passSeconds(1n + (await protocolSeconds('answerWindow')))
}

export function protocolSeconds(functionName: 'answerWindow' | 'thaw'): Promise<bigint> {
  return chain.readContract({ address: deployment().contracts.protocol, abi: protocolAbi, functionName })
}

export async function passSeconds(seconds: bigint): Promise<void> {
  await chain.increaseTime({ seconds: Number(seconds) })
  await chain.mine({ blocks: 1 })
}

/** Lets a contract take bonds, so that a write that locks one takes one transaction, and could lock two. */
export async function allowBonds(
  account: LocalAccount,
  spender: 'origins' | 'caseCourt' | 'challengeCourt' | 'usageLedger' | 'userLedger',
): Promise<void> {
  const { contracts } = deployment()
  await send(account, allowBondCall(contracts.usd, contracts[spender], maxUint256))
}

/** An account pays for a model, as for a copy without a minter. */
export async function payFor(account: LocalAccount, model: bigint, amount: bigint): Promise<void> {
  const { usd, treasury } = deployment().contracts
  await send(account, allowBondCall(usd, treasury, amount))
  const args = [model, amount, account.address]
  await send(account, { address: treasury, abi: treasuryAbi, functionName: 'pay', args })
}

export function earnedBy(model: bigint): Promise<bigint> {
  const { treasury: address } = deployment().contracts
  return chain.readContract({ address, abi: treasuryAbi, functionName: 'earned', args: [model] })
}
