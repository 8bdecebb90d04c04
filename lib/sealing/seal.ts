import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { KinmarkError } from '../error'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** 32 bytes for one purpose, by HKDF-SHA-256 (RFC 5869). */
export function deriveKey(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, 'kinmark', purpose, 32))
}

/**
 * AES-256-GCM: nonce (12 bytes) ‖ tag (16 bytes) ‖ ciphertext. `name` names the content, is authenticated with it, and
 * must be given again to unseal.
 */
export function seal(key: Uint8Array, name: string, bytes: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(name))
  const body = Buffer.concat([cipher.update(bytes), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** The bytes that `seal` was given. Throws `storage.unseal-failed` for another key, another name or changed bytes. */
export function unseal(key: Uint8Array, name: string, sealed: Uint8Array): Uint8Array {
  try {
    const cipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
    cipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
    return Buffer.concat([cipher.update(sealed.subarray(nonceBytes + tagBytes)), cipher.final()])
  } catch (cause) {
    throw new KinmarkError('storage.unseal-failed', { name }, { cause })
  }
}
