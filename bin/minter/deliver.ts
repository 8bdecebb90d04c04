import { readFileSync } from 'node:fs'
import { createWalletClient, type Hex, HttpRequestError, http, publicActions, TimeoutError } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { deliverCall } from '../../lib/chain/copy'
import { copyRegistryAbi } from '../../lib/chain/generated'
import { copyStates } from '../../lib/chain/states'
import { parseDeployment } from '../../lib/deploy/deployment'
import { KinmarkError, LegacyError } from '../../lib/error'
import type { Minter } from './mint-order'

type Roots = { artifactRoot: string; fingerprintRoot: string }

/** Hands a copy over, once: what the chain already says is not said again. */
export async function deliver({ env, key }: Minter, copyId: string, { artifactRoot, fingerprintRoot }: Roots) {
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
  if (state !== 'ordered')
    throw new LegacyError(`Copy ${copyId} is ${state} on the chain: there is nothing to deliver.`)
  const call = deliverCall(contracts.copyRegistry, copyId, artifactRoot as Hex, fingerprintRoot as Hex)
  await wallet.simulateContract({ ...call, account })
  const hash = await wallet.writeContract({ ...call, chain: null })
  const { status } = await wallet.waitForTransactionReceipt({ hash, timeout: 120_000 })
  if (status === 'reverted') throw new LegacyError(`The delivery of copy ${copyId} was reverted in ${hash}.`)
}

/** Worth another try: everything but what would fail in the same way again. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof KinmarkError)) return true
  return error.cause instanceof HttpRequestError || error.cause instanceof TimeoutError
}
