import { createCipheriv, createHash } from 'node:crypto'
import { type Hex, hexToBytes, toHex } from 'viem'
import { deriveKey } from '../sealing/seal'

/** The key with which a copy's files are sealed for the public; derived, so that the same copy has the same ciphertext. */
export function copyKey(versionSecret: Uint8Array, copyId: string, artifactRoot: Hex): Uint8Array {
  return deriveKey(versionSecret, `copy ${copyId} ${artifactRoot}`)
}

/**
 * AES-256-CTR over the copy's files, one after another in the order of its artifact. The counter begins at 0, since each
 * key seals one copy. What authenticates it is its SHA-256, which the delivery puts on the chain.
 */
export async function* sealFiles(key: Uint8Array, files: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const cipher = createCipheriv('aes-256-ctr', key, new Uint8Array(16))
  for await (const part of files) yield cipher.update(part)
  yield cipher.final()
}

export async function ciphertextHash(sealed: AsyncIterable<Uint8Array>): Promise<Hex> {
  const hash = createHash('sha256')
  for await (const part of sealed) hash.update(part)
  return toHex(hash.digest())
}

/**
 * The copy's key, hidden by a pad that only who knows the buyer's seed can derive. The same function opens it. The pad
 * depends on the ciphertext, so that no two keys share one.
 */
export function sealKey(key: Uint8Array, buyerSeed: Uint8Array, ciphertextHash: Hex): Hex {
  const pad = deriveKey(buyerSeed, `delivery ${ciphertextHash}`)
  return toHex(key.map((byte, i) => byte ^ pad[i]))
}

/** The key in a delivery, for who knows the buyer's seed. */
export function openKey(sealedKey: Hex, buyerSeed: Uint8Array, ciphertextHash: Hex): Uint8Array {
  return hexToBytes(sealKey(hexToBytes(sealedKey), buyerSeed, ciphertextHash))
}
