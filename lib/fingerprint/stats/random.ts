/** Uniform numbers in [0, 1) with 53 bits. */
export type Random = () => number

/**
 * xoshiro128** (Blackman and Vigna, 2018) with a 16-byte seed. Integer arithmetic only, so every machine draws the same
 * numbers. Not cryptographic: where later draws must stay unpredictable, use `derive`.
 */
export function seededRandom(seed: Uint8Array): Random {
  const view = new DataView(seed.buffer, seed.byteOffset, 16)
  let [a, b, c, d] = [0, 4, 8, 12].map((at) => view.getUint32(at))
  if ((a | b | c | d) === 0) a = 1
  const next = (): number => {
    const out = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotateLeft(d, 11)
    return out
  }
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992
}

/** A standard normal draw (Box and Muller). */
export function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function rotateLeft(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by))
}
