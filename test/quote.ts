import { type Address, type Hex, type LocalAccount, toHex } from 'viem'
import type { Deployment } from '../lib/chain/deployment'
import { modelRegistryAbi } from '../lib/chain/generated'
import { type Quote, quoteTypedData, type SignedQuote } from '../lib/chain/quote'

type Wanted = Pick<Quote, 'modelId' | 'termsHash' | 'buyer' | 'buyerSeedHash'> & Partial<Quote>

let count = 0

/** A minter's quote for version 1 that never expires: no fee, a day, a penalty of 5 USDC. */
export async function signQuote(
  { chainId, contracts }: Pick<Deployment, 'chainId' | 'contracts'>,
  minter: LocalAccount,
  wanted: Wanted,
): Promise<SignedQuote> {
  const quote: Quote = {
    minter: minter.address,
    version: 1,
    fee: 0,
    secondsToDeliver: 86_400,
    penalty: 5_000_000n,
    expiresAt: 2n ** 64n - 1n,
    salt: toHex(++count, { size: 32 }),
    ...wanted,
  }
  return { quote, signature: await minter.signTypedData(quoteTypedData(chainId, contracts.minterRegistry, quote)) }
}

/** Fixes the key pool of version 1. Its controller and the minters that it has named may send this. */
export function commitKeyPoolCall(modelRegistry: Address, id: bigint, root: Hex) {
  return { address: modelRegistry, abi: modelRegistryAbi, functionName: 'commitKeyPool', args: [id, 1, root] } as const
}

/** A delivery whose hashes are all the same. */
export function deliveryOf(root: Hex) {
  return {
    artifactRoot: root,
    responsesRoot: root,
    ciphertextHash: root,
    sealedKey: root,
    url: 'https://files.example/sealed',
  }
}
