export type FormErrors = {
  'form.usdc-invalid': { text: string }
  'form.percentage-invalid': { text: string }
  /** Basis points. */
  'form.percentage-above-max': { bps: number; maxBps: number }
  'form.percentage-below-floor': { bps: number; floorBps: number }
  /** USDC of 6 decimals: an ancestor’s terms require the floor. */
  'form.amount-below-floor': { amount: bigint; floor: bigint }
  /** USDC of 6 decimals. */
  'form.amount-above-max': { amount: bigint; max: bigint }
  'form.number-out-of-range': { text: string; min: number; max: number }
  'form.integer-out-of-range': { text: string; min: number; max: number }
}
