import { hexToBytes } from 'viem'
import { deliverCall } from '../../lib/chain/copy'
import { copyRegistryAbi } from '../../lib/chain/generated'
import { copyStates } from '../../lib/chain/states'
import { type ErrorCode, KinmarkError } from '../../lib/error'
import type { MintOrder, Roots } from '../../lib/minting/order'
import { copyKey, sealKey } from '../../lib/minting/sealed-copy'
import { isOutage } from '../../lib/part-away'
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

/** The chain does not know the order: a reorg dropped it, and may bring it back. */
function isForgotten(error: unknown): boolean {
  return error instanceof KinmarkError && 'state' in error.facts && error.facts.state === 'none'
}

/** An app or a store that is away for a while answers with these: the same request is worth another try. */
const passing = new Set<ErrorCode>([
  'minting.app-failed',
  'minting.app-unreachable',
  'minting.link-invalid',
  'minting.transfer-refused',
])

/** Tries after an error whose cause is not known. */
const mostTries = 5

/**
 * Whether no other try follows the one with this number (from 0). What does not answer is waited for, until the order's
 * deadline; an unknown error and files that came damaged are tried again some times, and another one of ours never.
 */
export function isFinal(error: unknown, attempt: number): boolean {
  if (isOutage(error) || isForgotten(error)) return false
  if (error instanceof KinmarkError && passing.has(error.code)) return false
  if (error instanceof KinmarkError && error.code !== 'storage.blob-differs') return true
  return attempt >= mostTries
}
