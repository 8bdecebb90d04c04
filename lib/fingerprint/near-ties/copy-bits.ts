import { utf8ToBytes } from '@noble/hashes/utils.js'
import { derive, uint32 } from '../code/secrets'

const blockBytes = 4096

/**
 * A copy's bits, +1 or −1 for each key: which of the key's two answers this copy leans to. Fair and independent, from
 * the model secret, the copy's id and the buyer's seed by HKDF, so neither minter nor buyer chooses them.
 */
export function copyBits(secret: Uint8Array, copyId: string, buyerSeed: Uint8Array, keys: number): Int8Array {
  const bits = new Int8Array(keys)
  for (let from = 0; from < keys; from += 8 * blockBytes) {
    const count = Math.min(8 * blockBytes, keys - from)
    const parts = [utf8ToBytes('near ties'), utf8ToBytes(copyId), buyerSeed, uint32(from)]
    const bytes = derive(secret, 'codeword', parts, Math.ceil(count / 8))
    for (let i = 0; i < count; i++) bits[from + i] = (bytes[i >> 3] >> (i & 7)) & 1 ? 1 : -1
  }
  return bits
}

/** The token that each bit selects, [N]; pairs [N, 2]. */
export function responsesOf(pairs: Uint32Array, bits: Int8Array): Uint32Array {
  return Uint32Array.from(bits, (bit, k) => pairs[2 * k + (bit > 0 ? 0 : 1)])
}
