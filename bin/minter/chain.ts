import { readFileSync } from 'node:fs'
import { type Abi, type Address, createWalletClient, type Hex, http, publicActions } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { parseDeployment } from '../../lib/chain/deployment'
import { KinmarkError } from '../../lib/error'
import type { Minter } from './minter'

type Call = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] }

/** The minter's wallet and the contracts, as they are deployed now. */
export function openChain({ env, key }: Pick<Minter, 'env' | 'key'>) {
  const { chainId, contracts } = parseDeployment(readFileSync(env.deploymentFile, 'utf8'), env.deploymentFile)
  const account = privateKeyToAccount(key)
  const wallet = createWalletClient({ account, transport: http(env.rpcUrl), pollingInterval: 100 }).extend(
    publicActions,
  )
  return { chainId, contracts, account, wallet }
}

let last: Promise<unknown> = Promise.resolve()

/** Sends a transaction after the one before it, so that two never share a nonce. Throws what the contract would revert with. */
export function sendCall(minter: Pick<Minter, 'env' | 'key'>, call: Call): Promise<Hex> {
  const sent = last.then(async () => {
    const { wallet, account } = openChain(minter)
    await wallet.simulateContract({ ...call, account })
    const hash = await wallet.writeContract({ ...call, chain: null })
    const { status } = await wallet.waitForTransactionReceipt({ hash, timeout: 120_000 })
    if (status === 'reverted') throw new KinmarkError('minting.transaction-reverted', { transaction: hash })
    return hash
  })
  last = sent.catch(() => undefined)
  return sent
}
