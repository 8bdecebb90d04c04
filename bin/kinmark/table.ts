/** Two columns, the first as wide as its widest word. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

export const percent = (part: number) => `${(100 * part).toFixed(1)} %`
export const seconds = (value: number) => `${value.toFixed(value < 0.1 ? 3 : 2)} s`
export const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
export const chance = (value: number) => (value >= 0.001 ? value.toFixed(3) : value.toExponential(1))
