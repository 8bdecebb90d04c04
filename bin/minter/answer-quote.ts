import { randomBytes } from 'node:crypto'
import { hexToBytes, keccak256, toHex } from 'viem'
import { minterRegistryAbi, modelRegistryAbi, protocolAbi } from '../../lib/chain/generated'
import { type Quote, quoteTypedData, type SignedQuote } from '../../lib/chain/quote'
import { KinmarkError } from '../../lib/error'
import { keyPoolTree } from '../../lib/fingerprint/keyset/commitment'
import { log } from '../../lib/log'
import { failureOf } from '../../lib/minting/failure'
import type { QuoteRequest } from '../../lib/minting/quote-request'
import { unsealPreparation } from '../../lib/minting/sealed-preparation'
import { isOutage } from '../../lib/part-away'
import { readBlob } from '../../lib/storage/read-blob'
import { openChain } from './chain'
import type { Minter } from './minter'
import { isLeaseOver } from './minter-client'
import { openWorkBlobs } from './work-blobs'

/** A quote may be ordered with for a day. */
const validSeconds = 86_400n

/** Signs a quote, or says why not. Throws only where a part does not answer: the request is given again. */
export async function answerQuote(request: QuoteRequest, minter: Minter): Promise<void> {
  try {
    await minter.client.answerQuote(request.id, await quoteFor(request, minter))
  } catch (error) {
    if (isOutage(error)) throw error
    // Another minter was asked too, and has answered.
    if (isLeaseOver(error)) return
    log.warn({ err: error, quote: request.id }, 'No quote was made.')
    await minter.client.answerQuote(request.id, { failure: failureOf(error) })
  }
}

/** Roots of the pools that this minter holds, by the blob of their preparation: reading one takes a while. */
const heldPools = new Map<string, string>()

/** A minter promises only what it can keep: it holds the files, the key pool that is on the chain, and the seed. */
async function quoteFor(request: QuoteRequest, minter: Minter): Promise<SignedQuote> {
  const { offer } = minter
  const blobs = openWorkBlobs(minter, { kind: 'quote', id: request.id, attempt: 0 })
  const { chainId, contracts, account, wallet } = openChain(minter)
  const modelId = BigInt(request.modelId)
  for (const { path, size, sha256 } of request.files)
    if ((await blobs.size(sha256)) !== size) throw new KinmarkError('minting.file-missing', { path })

  const pool = await wallet.readContract({
    address: contracts.modelRegistry,
    abi: modelRegistryAbi,
    functionName: 'keyPool',
    args: [modelId, request.version],
  })
  let held = heldPools.get(request.preparation)
  if (!held) {
    const sealed = await readBlob(blobs, request.preparation)
    held = keyPoolTree(unsealPreparation(hexToBytes(request.secret), sealed)).root
    heldPools.set(request.preparation, held)
  }
  if (held !== pool.root) throw new KinmarkError('minting.key-pool-differs', { held, committed: pool.root })

  const registry = { address: contracts.minterRegistry, abi: minterRegistryAbi } as const
  const own = await wallet.readContract({ ...registry, functionName: 'minters', args: [account.address] })
  const free = own.bond - own.reserved
  if (free < offer.penalty) throw new KinmarkError('minting.bond-reserved', { free, penalty: offer.penalty })
  const { protocol: address } = contracts
  const time = await wallet.readContract({ address, abi: protocolAbi, functionName: 'time' })
  const quote: Quote = {
    minter: account.address,
    modelId,
    version: request.version,
    termsHash: request.termsHash,
    buyer: request.buyer,
    buyerSeedHash: keccak256(request.buyerSeed),
    ...offer,
    expiresAt: time + validSeconds,
    salt: toHex(randomBytes(32)),
  }
  return { quote, signature: await account.signTypedData(quoteTypedData(chainId, contracts.minterRegistry, quote)) }
}
