import { type Hex, hexToBytes, keccak256 } from 'viem'

/** Whether a block's bloom filter (2,048 bits) may have this address or topic. It never misses one that is there. */
export function mayHave(bloom: Hex, value: Hex): boolean {
  const bits = hexToBytes(bloom)
  const hash = hexToBytes(keccak256(value))
  return [0, 2, 4].every((at) => {
    const bit = ((hash[at] << 8) | hash[at + 1]) & 2047
    return (bits[255 - (bit >> 3)] & (1 << (bit & 7))) !== 0
  })
}
