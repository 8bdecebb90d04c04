import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { KinmarkError } from '../../error'

/** Label of a derivation: different purposes give independent bytes. */
export type Purpose =
  | 'model'
  | 'text'
  | 'keys'
  | 'chats'
  | 'held-out'
  | 'codeword'
  | 'salt'
  | 'pool salt'
  | 'pilot'
  | 'check'

/**
 * HKDF-SHA256 (RFC 5869). Each part of the info is preceded by its length, so that different lists of parts never encode
 * alike. Throws `fingerprint.secret-length` unless `secret` has 32 bytes.
 */
export function derive(secret: Uint8Array, purpose: Purpose, parts: readonly Uint8Array[], length: number): Uint8Array {
  if (secret.length !== 32) throw new KinmarkError('fingerprint.secret-length', { length: secret.length })
  const info = concatBytes(
    utf8ToBytes('kinmark/fingerprint/1'),
    ...[utf8ToBytes(purpose), ...parts].flatMap((part) => [uint32(part.length), part]),
  )
  return hkdf(sha256, secret, undefined, info, length)
}

/** One model version’s 32-byte secret; `context` identifies the version. */
export function modelSecret(master: Uint8Array, context: string): Uint8Array {
  return derive(master, 'model', [utf8ToBytes(context)], 32)
}

/** Big-endian 32-bit words. */
export function uint32(...values: number[]): Uint8Array {
  const out = new DataView(new ArrayBuffer(4 * values.length))
  for (const [i, value] of values.entries()) out.setUint32(4 * i, value)
  return new Uint8Array(out.buffer)
}
