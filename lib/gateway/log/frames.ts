import { crc32 } from 'node:zlib'

/**
 * A file of frames: marker (4 bytes), length of the payload (4), bytes of the file that were safely stored when the frame
 * was written (8), CRC-32 of these two and the payload (4), payload. Numbers are big-endian.
 */
const marker = Buffer.from('KMR1')
const headBytes = 20
const longest = 2 ** 24

export function frameOf(payload: Uint8Array, storedBytes: number): Buffer {
  const frame = Buffer.alloc(headBytes + payload.length)
  marker.copy(frame)
  frame.writeUInt32BE(payload.length, 4)
  frame.writeBigUInt64BE(BigInt(storedBytes), 8)
  frame.set(payload, headBytes)
  frame.writeUInt32BE(crcOf(frame), 16)
  return frame
}

function crcOf(frame: Buffer): number {
  return crc32(frame.subarray(headBytes), crc32(frame.subarray(4, 16)))
}

type Frame = { payload: Buffer; storedBytes: number; next: number }

/** The frame at an offset; null where there is no whole and valid one. */
function frameAt(bytes: Buffer, at: number): Frame | null {
  if (at + headBytes > bytes.length || bytes.compare(marker, 0, 4, at, at + 4) !== 0) return null
  const length = bytes.readUInt32BE(at + 4)
  const next = at + headBytes + length
  if (length > longest || next > bytes.length) return null
  const frame = bytes.subarray(at, next)
  if (frame.readUInt32BE(16) !== crcOf(frame)) return null
  return { payload: frame.subarray(headBytes), storedBytes: Number(frame.readBigUInt64BE(8)), next }
}

export type ReadFrames = {
  payloads: Buffer[]
  /** Bytes up to the end of the last valid frame. What follows was never safely stored. */
  end: number
  /** Whether frames before `end` of the file were stored safely and cannot be read any more. */
  damaged: boolean
}

/** Reads all frames from the beginning. */
export function readFrames(bytes: Buffer): ReadFrames {
  const payloads: Buffer[] = []
  let end = 0
  for (let frame = frameAt(bytes, 0); frame; frame = frameAt(bytes, end)) {
    payloads.push(frame.payload)
    end = frame.next
  }
  return { payloads, end, damaged: storedBeyond(bytes, end) }
}

/** Whether a later frame says that more than the first `end` bytes had been stored before it was written. */
function storedBeyond(bytes: Buffer, end: number): boolean {
  for (let at = bytes.indexOf(marker, end + 1); at >= 0; at = bytes.indexOf(marker, at + 1)) {
    const frame = frameAt(bytes, at)
    if (frame && frame.storedBytes > end) return true
  }
  return false
}
