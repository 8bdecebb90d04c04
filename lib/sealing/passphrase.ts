import { randomBytes, scryptSync } from 'node:crypto'
import { KinmarkError } from '../error'
import { seal, unseal } from './seal'

const saltBytes = 16
/** scrypt (RFC 7914): 128 MiB and some tenths of a second for each guess. */
const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 2 ** 20 }
const shortest = 12

/** What nobody opens without the passphrase: salt (16 bytes) ‖ sealed bytes; see `seal`. Throws `storage.passphrase-short`. */
export function sealWithPassphrase(passphrase: string, name: string, bytes: Uint8Array): Uint8Array {
  if (passphrase.length < shortest) throw new KinmarkError('storage.passphrase-short', { shortest })
  const salt = randomBytes(saltBytes)
  return Buffer.concat([salt, seal(keyOf(passphrase, salt), name, bytes)])
}

/** The bytes that `sealWithPassphrase` was given. Throws `storage.unseal-failed`. */
export function unsealWithPassphrase(passphrase: string, name: string, sealed: Uint8Array): Uint8Array {
  return unseal(keyOf(passphrase, sealed.subarray(0, saltBytes)), name, sealed.subarray(saltBytes))
}

function keyOf(passphrase: string, salt: Uint8Array): Uint8Array {
  return scryptSync(passphrase.normalize('NFC'), salt, 32, cost)
}
