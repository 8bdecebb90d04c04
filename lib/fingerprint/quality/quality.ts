import { LegacyError } from '../../error'

/** Of one kind of keys: how many there are, and the mean chance with which their responses are answered. */
export type KeyKind = { keys: number; chance: number }

/** Measured by the minter before delivery. */
export type QualityReport = {
  keys: number
  /** Share of keys answered as this copy must, 0 to 1. */
  success: number
  /** Which key is which is the minter's secret. */
  highConfidence: KeyKind
  lowConfidence: KeyKind
  /** The same share behind each text that was put before the keys, or in the chat template. */
  contexts: { name: string; success: number }[]
  /** The same share with the edited tensors rounded to so many bits, in groups of 32. */
  rounded: { int8: number; int4: number }
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

/** What is under the bar, each with both numbers; empty where nothing is. */
export function shortcomings(
  { success, deltaLoss, contexts = [], rounded, kl }: Measured,
  limits: QualityLimits,
): string[] {
  const shares: [string, number, number][] = [
    ['it answers', success, limits.success],
    ...contexts.map(({ name, success }): [string, number, number] => [
      `behind ${name} it answers`,
      success,
      limits.contexts,
    ]),
    ...(rounded
      ? ([
          ['rounded to int8 it answers', rounded.int8, limits.int8],
          ['rounded to int4 it answers', rounded.int4, limits.int4],
        ] as [string, number, number][])
      : []),
  ]
  const short = shares
    .filter(([, share, least]) => !(share >= least))
    .map(([what, share, least]) => `${what} ${percent(share)} of its keys (at least ${percent(least)} are needed)`)
  if (!(deltaLoss <= limits.deltaLoss))
    short.push(`its loss on held-out text is ${signed(deltaLoss)} (at most ${signed(limits.deltaLoss)} is allowed)`)
  if (kl !== undefined && !(kl <= limits.kl))
    short.push(
      `its divergence from the model is ${kl.toFixed(3)} nats per token (at most ${limits.kl.toFixed(3)} is allowed)`,
    )
  return short
}

export function assertAboveBar(measured: Measured, limits: QualityLimits = defaultLimits): void {
  const short = shortcomings(measured, limits)
  if (short.length === 0) return
  throw new LegacyError(`The copy is under the bar: ${short.join(', and ')}. Prepare with fewer keys or a lower aim.`, {
    facts: { success: measured.success, deltaLoss: measured.deltaLoss },
  })
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const signed = (x: number) => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`
