import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Address, createTestClient, http, parseEther, publicActions, walletActions } from 'viem'
import { localAccount } from '../lib/chain/accounts'
import { testUsdAbi, treasuryAbi } from '../lib/chain/generated'
import { parseDeployment } from '../lib/deploy/deployment'

export const rpcUrl = `http://127.0.0.1:${process.env.KINMARK_E2E_CHAIN_PORT}`

/** The chain itself, past the app: what is true in the end is read here. */
const chain = createTestClient({ mode: 'anvil', transport: http(rpcUrl), pollingInterval: 50 })
  .extend(publicActions)
  .extend(walletActions)

function deployment() {
  return parseDeployment(readFileSync(join(process.env.KINMARK_E2E_DATA ?? '', 'deployment.json'), 'utf8'))
}

export async function fund(account: Address, usd: bigint): Promise<void> {
  await chain.setBalance({ address: account, value: parseEther('10') })
  const hash = await chain.writeContract({
    account: localAccount(8),
    chain: null,
    address: deployment().contracts.usd,
    abi: testUsdAbi,
    functionName: 'faucet',
    args: [account, usd],
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

export function claimable(model: bigint, account: Address): Promise<bigint> {
  return chain.readContract({
    address: deployment().contracts.treasury,
    abi: treasuryAbi,
    functionName: 'claimable',
    args: [model, account],
  })
}
