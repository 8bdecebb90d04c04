export type FormErrors = {
  'form.usdc-invalid': { text: string }
  'form.percentage-invalid': { text: string }
  /** Basis points. */
  'form.percentage-above-max': { bps: number; maxBps: number }
  'form.number-out-of-range': { text: string; min: number; max: number }
  'form.integer-out-of-range': { text: string; min: number; max: number }
}
