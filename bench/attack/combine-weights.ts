/** The mean of several copies’ weights. */
export function average(copies: readonly ReadonlyMap<string, Float32Array>[]): Map<string, Float32Array> {
  const names = [...copies[0].keys()]
  return new Map(
    names.map((name) => {
      const sum = new Float32Array(copies[0].get(name)?.length ?? 0)
      for (const copy of copies) for (const [i, x] of (copy.get(name) ?? []).entries()) sum[i] += x / copies.length
      return [name, sum]
    }),
  )
}
