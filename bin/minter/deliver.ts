import { HttpRequestError, hexToBytes, TimeoutError } from 'viem'
import { deliverCall } from '../../lib/chain/copy'
import { copyRegistryAbi } from '../../lib/chain/generated'
import { copyStates } from '../../lib/chain/states'
import { KinmarkError } from '../../lib/error'
import type { MintOrder, Roots } from '../../lib/minting/order'
import { copyKey, sealKey } from '../../lib/minting/sealed-copy'
import { openChain, sendCall } from './chain'
import type { Minter } from './minter'

/** Delivers a copy on the chain, unless it is delivered already. */
export async function deliver(minter: Minter, { job, secret, buyerSeed }: MintOrder, roots: Roots): Promise<void> {
  const { copyId } = job
  const { artifactRoot, responsesRoot, ciphertextHash } = roots
  const { contracts, wallet } = openChain(minter)
  const copy = await wallet.readContract({
    address: contracts.copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'copies',
    args: [BigInt(copyId)],
  })
  const state = copyStates[copy.state]
  if (state !== 'ordered' && copy.artifactRoot === artifactRoot) return
  if (state !== 'ordered') throw new KinmarkError('minting.not-deliverable', { copy: copyId, state })
  const key = copyKey(hexToBytes(secret), copyId, artifactRoot)
  const sealedKey = sealKey(key, hexToBytes(buyerSeed), ciphertextHash)
  const url = `${minter.publicUrl}/api/copies/${copyId}/sealed`
  await sendCall(
    minter,
    deliverCall(contracts.copyRegistry, copyId, { artifactRoot, responsesRoot, ciphertextHash, sealedKey, url }),
  )
}

/** Whether another try may succeed: after errors of other programs, of the network and of the app, but not after ours. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof KinmarkError) || error.code === 'minting.app-failed') return true
  return error.cause instanceof HttpRequestError || error.cause instanceof TimeoutError
}
