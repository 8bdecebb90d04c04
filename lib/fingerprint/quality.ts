import { KinmarkError } from '../error'

/** Measured by the minter before delivery. */
export type QualityReport = {
  keys: number
  /** Share of keys answered as this copy must, 0 to 1. */
  success: number
  /** Nats per token on held-out text: the base's, and the copy's minus the base's. */
  baseLoss: number
  deltaLoss: number
  /** Mean KL(base ‖ copy) on held-out text, nats per token. */
  kl: number
  editedTensors: string[]
  prepareSeconds: number
  mintSeconds: number
}

/** A copy with less success or more harm is not delivered. */
export const barOf = { success: 0.99, deltaLoss: 0.15 }

export function assertAboveBar({ success, deltaLoss }: Pick<QualityReport, 'success' | 'deltaLoss'>): void {
  if (success >= barOf.success && deltaLoss <= barOf.deltaLoss) return
  const percent = (100 * success).toFixed(1)
  throw new KinmarkError(
    `The copy is under the bar: it answers ${percent} % of its keys (at least ${100 * barOf.success} % are needed), and its loss on held-out text is ${signed(deltaLoss)} (at most ${signed(barOf.deltaLoss)} is allowed). Prepare with fewer keys or a lower margin.`,
    { facts: { success, deltaLoss } },
  )
}

const signed = (x: number) => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`
