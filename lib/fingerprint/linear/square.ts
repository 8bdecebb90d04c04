/** Symmetric or triangular [size, size], row-major, in double precision, because factoring amplifies rounding errors. */
export type Square = { data: Float64Array; size: number }

export function square(size: number): Square {
  return { data: new Float64Array(size * size), size }
}

export function matrixTrace({ data, size }: Square): number {
  let sum = 0
  for (let i = 0; i < size; i++) sum += data[i * size + i]
  return sum
}

/** scale · a + ridge · I, as a copy. */
export function withRidge(a: Square, scale: number, ridge: number): Square {
  const out = square(a.size)
  for (let i = 0; i < out.data.length; i++) out.data[i] = scale * a.data[i]
  for (let i = 0; i < a.size; i++) out.data[i * a.size + i] += ridge
  return out
}
