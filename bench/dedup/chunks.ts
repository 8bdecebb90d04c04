/**
 * Content-defined chunks after FastCDC (Xia et al., USENIX ATC 2016): a chunk ends where a rolling hash of its last bytes has
 * zeros in a mask, which is stricter before the mean size than after it. 64 KiB in the mean, 16 KiB at least, 256 KiB at most.
 */
export function chunksOf(bytes: Uint8Array): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let from = 0; from < bytes.length; ) {
    const to = endOf(bytes, from)
    chunks.push(bytes.subarray(from, to))
    from = to
  }
  return chunks
}

const [least, mean, most] = [2 ** 14, 2 ** 16, 2 ** 18]
/** The top bits, which the last 32 bytes decide: two more and two fewer than the 16 of the mean. */
const [strict, loose] = [(2 ** 18 - 1) << 14, (2 ** 14 - 1) << 18]
/** A random number for each byte, always the same (xorshift). */
const gear = new Int32Array(256)
for (let i = 0, x = 0x9e3779b9 | 0; i < 256; i++) {
  x ^= x << 13
  x ^= x >>> 17
  x ^= x << 5
  gear[i] = x
}

function endOf(bytes: Uint8Array, from: number): number {
  const end = Math.min(from + most, bytes.length)
  let hash = 0
  for (let at = from + least; at < end; at++) {
    hash = ((hash << 1) + gear[bytes[at]]) | 0
    if ((hash & (at - from < mean ? strict : loose)) === 0) return at + 1
  }
  return end
}
