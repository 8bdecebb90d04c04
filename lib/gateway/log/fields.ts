import { bytesToHex, type Hex, size } from 'viem'

export type Writer = ReturnType<typeof writer>
export type Reader = ReturnType<typeof reader>

/**
 * Writes the fields of a payload one after another. They are hexadecimal text until `done`, so that one array is made for
 * all of them. Throws `RangeError` for a number that does not fit.
 */
export function writer(tag: number) {
  let text = ''
  const uint = (value: bigint, bytes: number) => {
    const digits = value.toString(16).padStart(2 * bytes, '0')
    if (digits.length !== 2 * bytes || value < 0n) throw new RangeError(`${value} does not fit in ${bytes} bytes.`)
    text += digits
  }
  const hex = (some: Hex) => {
    text += some.slice(2)
  }
  uint(BigInt(tag), 1)
  return {
    uint,
    hex,
    bytes: (some: Uint8Array) => hex(bytesToHex(some)),
    /** Up to 65,535 bytes, after their number. */
    sized(some: Hex) {
      uint(BigInt(size(some)), 2)
      hex(some)
    },
    done(): Uint8Array {
      const bytes = Buffer.from(text, 'hex')
      if (2 * bytes.length !== text.length) throw new RangeError('A record has a field that is not hexadecimal.')
      return bytes
    },
  }
}

/** Reads the fields of a payload one after another. Throws `RangeError` where it is too short. */
export function reader(payload: Buffer) {
  let at = 0
  const bytes = (size: number): Buffer => {
    if (at + size > payload.length) throw new RangeError('The record is too short.')
    at += size
    return payload.subarray(at - size, at)
  }
  return {
    bytes,
    sized: () => bytes(bytes(2).readUInt16BE()),
    hex: (size: number): Hex => bytesToHex(bytes(size)),
    uint: (size: number): bigint => BigInt(`0x${bytes(size).toString('hex')}`),
  }
}
