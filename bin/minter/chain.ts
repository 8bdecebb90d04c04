import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { type Abi, type Address, createWalletClient, type Hex, publicActions } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { parseDeployment } from '../../lib/chain/deployment'
import { httpWithGasMargin } from '../../lib/chain/http-with-gas-margin'
import { KinmarkError, messageOf } from '../../lib/error'
import type { Minter } from './minter'

type Call = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] }

/** The minter's wallet and the contracts, as they are deployed now. */
export function openChain({ env, key }: Pick<Minter, 'env' | 'key'>) {
  const { chainId, contracts } = parseDeployment(readFileSync(env.deploymentFile, 'utf8'), env.deploymentFile)
  const account = privateKeyToAccount(key)
  const wallet = createWalletClient({ account, transport: httpWithGasMargin(env.rpcUrl), pollingInterval: 100 }).extend(
    publicActions,
  )
  return { chainId, contracts, account, wallet }
}

/** How often a transaction is sent whose nonce was taken, and the longest pause before the second time. */
const mostTries = 10
const pauseMs = 300

let last: Promise<unknown> = Promise.resolve()

/** Sends a transaction after the one before it, so that two never share a nonce. Throws what the contract would revert with. */
export function sendCall(minter: Pick<Minter, 'env' | 'key'>, call: Call): Promise<Hex> {
  const sent = last.then(() => sendOnFreeNonce(minter, call))
  last = sent.catch(() => undefined)
  return sent
}

/** Other programs may send with the same key: whoever finds its nonce taken sends again with the next one. */
async function sendOnFreeNonce(minter: Pick<Minter, 'env' | 'key'>, call: Call): Promise<Hex> {
  for (let tries = 1; ; tries++) {
    try {
      const hash = await sendOnce(minter, call)
      if (hash) return hash
    } catch (error) {
      if (!isNonceTaken(error) || tries === mostTries) throw error
    }
    await wait(Math.random() * pauseMs * tries)
  }
}

/** Null where another transaction took the nonce. */
async function sendOnce(minter: Pick<Minter, 'env' | 'key'>, call: Call): Promise<Hex | null> {
  const { wallet, account } = openChain(minter)
  await wallet.simulateContract({ ...call, account })
  const hash = await wallet.writeContract({ ...call, chain: null })
  const { status, transactionHash } = await wallet.waitForTransactionReceipt({ hash, timeout: 120_000 })
  if (transactionHash !== hash) return null
  if (status === 'reverted') throw new KinmarkError('minting.transaction-reverted', { transaction: hash })
  return hash
}

/** Nodes say it in different words. */
function isNonceTaken(error: unknown): boolean {
  return /nonce too low|nonce is too low|lower than the current nonce|underpriced|already (known|imported)/i.test(
    messageOf(error),
  )
}
