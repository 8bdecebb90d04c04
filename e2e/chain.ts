import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Address, createTestClient, http, type LocalAccount, parseEther, publicActions, walletActions } from 'viem'
import { testUsdAbi, treasuryAbi } from '../lib/chain/generated'
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

export function claimable(model: bigint, account: Address): Promise<bigint> {
  return chain.readContract({
    address: deployment().contracts.treasury,
    abi: treasuryAbi,
    functionName: 'claimable',
    args: [model, account],
  })
}
