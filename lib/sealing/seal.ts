import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { LegacyError } from '../error'

const algorithm = 'aes-256-gcm'
const nonceBytes = 12
const tagBytes = 16

/** A key of its own for one purpose (RFC 5869). */
export function deriveKey(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, 'kinmark', purpose, 32))
}

/** nonce ‖ tag ‖ ciphertext. `name` says what is inside, and what was sealed under one name opens under no other. */
export function seal(key: Uint8Array, name: string, bytes: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(name))
  const body = Buffer.concat([cipher.update(bytes), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

export function unseal(key: Uint8Array, name: string, sealed: Uint8Array): Uint8Array {
  try {
    const cipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes })
    cipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes))
    return Buffer.concat([cipher.update(sealed.subarray(nonceBytes + tagBytes)), cipher.final()])
  } catch (cause) {
    throw new LegacyError(`What was sealed as “${name}” does not open with this master key.`, { cause })
  }
}
