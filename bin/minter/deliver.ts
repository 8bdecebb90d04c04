import { readFileSync } from 'node:fs'
import { createWalletClient, HttpRequestError, http, publicActions, TimeoutError } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { deliverCall } from '../../lib/chain/copy'
import { copyRegistryAbi } from '../../lib/chain/generated'
import type { CopyId } from '../../lib/chain/ids'
import { copyStates } from '../../lib/chain/states'
import { parseDeployment } from '../../lib/deploy/deployment'
import { KinmarkError } from '../../lib/error'
import type { Roots } from '../../lib/minting/order'
import type { Minter } from './minter'

/** Delivers a copy on the chain, unless it is delivered already. */
export async function deliver({ env, key }: Minter, copyId: CopyId, { artifactRoot, fingerprintRoot }: Roots) {
  const { contracts } = parseDeployment(readFileSync(env.deploymentFile, 'utf8'), env.deploymentFile)
  const account = privateKeyToAccount(key)
  const wallet = createWalletClient({ account, transport: http(env.rpcUrl), pollingInterval: 100 }).extend(
    publicActions,
  )
  const copy = await wallet.readContract({
    address: contracts.copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'copies',
    args: [BigInt(copyId)],
  })
  const state = copyStates[copy.state]
  if (state !== 'ordered' && copy.artifactRoot === artifactRoot) return
  if (state !== 'ordered') throw new KinmarkError('minting.not-deliverable', { copy: copyId, state })
  const call = deliverCall(contracts.copyRegistry, copyId, artifactRoot, fingerprintRoot)
  await wallet.simulateContract({ ...call, account })
  const hash = await wallet.writeContract({ ...call, chain: null })
  const { status } = await wallet.waitForTransactionReceipt({ hash, timeout: 120_000 })
  if (status === 'reverted') throw new KinmarkError('minting.delivery-reverted', { copy: copyId, transaction: hash })
}

/** Whether another try may succeed: after errors of other programs, of the network and of the app, but not after ours. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof KinmarkError) || error.code === 'minting.app-failed') return true
  return error.cause instanceof HttpRequestError || error.cause instanceof TimeoutError
}
