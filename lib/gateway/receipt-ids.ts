import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { bytesToHex, type Hex, hexToBytes } from 'viem'

const cipher = 'aes-128-ecb'

/**
 * Ids of receipts that nobody can guess, in which the host can read the epoch: one block of 16 bytes (epoch, 8 random bytes)
 * under a key of its own. So an id that somebody made up is told without a look at any log.
 */
export function receiptIds(operatorKey: Uint8Array) {
  const key = createHash('sha256').update('kinmark receipt ids').update(operatorKey).digest().subarray(0, 16)
  return {
    newId(epoch: bigint): Hex {
      const block = randomBytes(16)
      block.writeBigUInt64BE(epoch)
      return bytesToHex(createCipheriv(cipher, key, null).setAutoPadding(false).update(block))
    },
    epochOf: (id: Hex): bigint =>
      createDecipheriv(cipher, key, null).setAutoPadding(false).update(hexToBytes(id)).readBigUInt64BE(),
  }
}
