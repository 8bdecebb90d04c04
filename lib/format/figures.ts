/** 0.0667 → “6.7 %”: to the nearest tenth. For shares that may claim too much when rounded up, use `formatPercent`. */
export function roundedPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** 0.04 → “+0.040”, −0.04 → “−0.040”. */
export function formatSigned(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`
}

/** 12.345 → “12.35 s”; below a tenth of a second with three decimals. */
export function formatSeconds(seconds: number): string {
  return `${seconds.toFixed(seconds < 0.1 ? 3 : 2)} s`
}

/** 0.25 → “0.250”, 5e-12 → “5.0e-12”. */
export function formatChance(chance: number): string {
  return chance >= 0.001 ? chance.toFixed(3) : chance.toExponential(1)
}
