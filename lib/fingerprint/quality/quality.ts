import type { z } from 'zod'
import { KinmarkError } from '../../error'
import type { qualityReport } from './quality-report'

/** The minter's measurements before delivery. */
export type QualityReport = z.infer<typeof qualityReport>

/** Lower bounds of the shares and upper bounds of the losses; a copy outside them is not delivered. */
export type QualityLimits = { agreement: number; int8: number; int4: number; deltaLoss: number; kl: number }

export const defaultLimits: QualityLimits = { agreement: 0.92, int8: 0.92, int4: 0.88, deltaLoss: 0.08, kl: 0.15 }

type Measured = Pick<QualityReport, 'agreement' | 'deltaLoss'> & Partial<Pick<QualityReport, 'rounded' | 'kl'>>

type Shortfall = KinmarkError<'fingerprint.quality-too-low'>['facts']['shortfalls'][number]

/** The limits that a copy misses, each with both numbers. NaN misses every limit. */
export function shortfalls({ agreement, deltaLoss, rounded, kl }: Measured, limits: QualityLimits): Shortfall[] {
  const shares = { agreement, ...rounded }
  const losses = {
    loss: { value: deltaLoss, limit: limits.deltaLoss },
    divergence: { value: kl ?? 0, limit: limits.kl },
  }
  return [
    ...(['agreement', 'int8', 'int4'] as const).flatMap((measure): Shortfall[] => {
      const value = shares[measure]
      return value === undefined || value >= limits[measure] ? [] : [{ measure, value, limit: limits[measure] }]
    }),
    ...(['loss', 'divergence'] as const).flatMap((measure): Shortfall[] => {
      const { value, limit } = losses[measure]
      return value <= limit ? [] : [{ measure, value, limit }]
    }),
  ]
}

export function assertQuality(measured: Measured, limits: QualityLimits = defaultLimits): void {
  const missed = shortfalls(measured, limits)
  if (missed.length > 0) throw new KinmarkError('fingerprint.quality-too-low', { shortfalls: missed })
}
