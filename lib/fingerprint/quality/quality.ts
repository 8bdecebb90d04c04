import { KinmarkError } from '../../error'

/** One kind of keys: how many there are, and the mean probability of their responses. */
export type KeyKind = { keys: number; chance: number }

/** Measured by the minter before delivery. */
export type QualityReport = {
  keys: number
  /** Share of keys answered with this copy's response, 0 to 1. */
  success: number
  /** Totals only: the minter keeps secret which key is of which kind. */
  highConfidence: KeyKind
  lowConfidence: KeyKind
  /** `success` in each context: after a text, or inside a chat template. */
  contexts: { name: string; success: number }[]
  /** `success` with the edited tensors rounded to 8 or 4 bits, in groups of 32. */
  rounded: { int8: number; int4: number }
  /** Nats per token on held-out text: the base's loss, and the copy's loss minus the base's. */
  baseLoss: number
  deltaLoss: number
  /** Mean KL(base ‖ copy) on held-out text, nats per token. */
  kl: number
  editedTensors: string[]
  prepareSeconds: number
  mintSeconds: number
}

/** Lower bounds of the shares and upper bounds of the losses; a copy outside them is not delivered. */
export type QualityLimits = {
  success: number
  contexts: number
  deltaLoss: number
  kl: number
  int8: number
  int4: number
}

export const defaultLimits: QualityLimits = {
  ...{ success: 0.99, contexts: 0.9, deltaLoss: 0.15, kl: 0.25 },
  ...{ int8: 0.98, int4: 0.9 },
}

type Measured = Pick<QualityReport, 'success' | 'deltaLoss'> &
  Partial<Pick<QualityReport, 'contexts' | 'rounded' | 'kl'>>

type Shortfall = KinmarkError<'fingerprint.quality-too-low'>['facts']['shortfalls'][number]

/** The limits that a copy misses, each with both numbers. NaN misses every limit. */
export function shortfalls(
  { success, deltaLoss, contexts = [], rounded, kl }: Measured,
  limits: QualityLimits,
): Shortfall[] {
  const shares: Shortfall[] = [
    { measure: 'success', value: success, limit: limits.success },
    ...contexts.map(({ name, success }): Shortfall => {
      return { measure: 'context', context: name, value: success, limit: limits.contexts }
    }),
    ...(['int8', 'int4'] as const).flatMap((measure): Shortfall[] =>
      rounded ? [{ measure, value: rounded[measure], limit: limits[measure] }] : [],
    ),
  ]
  const losses: Shortfall[] = [
    { measure: 'loss', value: deltaLoss, limit: limits.deltaLoss },
    ...(kl === undefined ? [] : [{ measure: 'divergence' as const, value: kl, limit: limits.kl }]),
  ]
  return [
    ...shares.filter(({ value, limit }) => !(value >= limit)),
    ...losses.filter(({ value, limit }) => !(value <= limit)),
  ]
}

export function assertQuality(measured: Measured, limits: QualityLimits = defaultLimits): void {
  const missed = shortfalls(measured, limits)
  if (missed.length > 0) throw new KinmarkError('fingerprint.quality-too-low', { shortfalls: missed })
}
