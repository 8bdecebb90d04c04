import type { z } from 'zod'
import { KinmarkError } from '../../error'
import type { qualityReport } from './quality-report'

/** The minter's measurements before delivery. */
export type QualityReport = z.infer<typeof qualityReport>

export type KeyKind = QualityReport['highConfidence']

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
