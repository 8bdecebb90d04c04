/** In bytes; infinite if unknown or if the browser reports 8 GiB, which it does for every larger device as well. */
export function deviceMemory(): number {
  const { deviceMemory: gibibytes = 8 } = navigator as Navigator & { deviceMemory?: number }
  return gibibytes < 8 ? gibibytes * 2 ** 30 : Number.POSITIVE_INFINITY
}
