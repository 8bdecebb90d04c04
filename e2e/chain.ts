import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Address,
  createTestClient,
  type Hex,
  http,
  type LocalAccount,
  parseEther,
  publicActions,
  walletActions,
} from 'viem'
import { copyRegistryAbi, modelRegistryAbi, testUsdAbi, treasuryAbi } from '../lib/chain/generated'

import { parseDeployment } from '../lib/deploy/deployment'

export const rpcUrl = `http://127.0.0.1:${process.env.KINMARK_E2E_CHAIN_PORT}`

/** Reads and writes the chain directly, without the app: specs check final balances here. */
const chain = createTestClient({ mode: 'anvil', transport: http(rpcUrl), pollingInterval: 50 })
  .extend(publicActions)
  .extend(walletActions)

function deployment() {
  return parseDeployment(readFileSync(join(process.env.KINMARK_E2E_DATA ?? '', 'deployment.json'), 'utf8'))
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

/** How many copies an account has ordered, and so paid. */
export async function ordersOf(buyer: Address): Promise<number> {
  const logs = await chain.getContractEvents({
    address: deployment().contracts.copyRegistry,
    abi: copyRegistryAbi,
    eventName: 'Ordered',
    args: { buyer },
    fromBlock: 0n,
  })
  return logs.length
}

/** How many models an account has registered. */
export async function registrationsOf(creator: Address): Promise<number> {
  const logs = await chain.getContractEvents({
    address: deployment().contracts.modelRegistry,
    abi: modelRegistryAbi,
    eventName: 'Registered',
    args: { creator },
    fromBlock: 0n,
  })
  return logs.length
}

/** The state of a copy as the contract numbers it. */
export async function copyStateOf(id: bigint): Promise<number> {
  const address = deployment().contracts.copyRegistry
  const copy = await chain.readContract({ address, abi: copyRegistryAbi, functionName: 'copies', args: [id] })
  return copy.state
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
