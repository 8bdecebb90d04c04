import type { PaymentPayload, PaymentRequirements } from '@x402/core/types'
import type { Address } from 'viem'
import { KinmarkError } from '../../error'
import type { Asked, Hold, Repeat } from '../payer'

/** A scheme of x402 v2: what a payment by it consists of, and who moves the money when. */
export type Scheme = {
  name: string
  /** What a call has to pay. `payer` is who the request says will pay; null where it does not say. */
  requirements(asked: Asked, payer: Address | null): Promise<PaymentRequirements>
  /** Sets money aside for a call. Throws why its payment is not good. */
  hold(payment: PaymentPayload, asked: Asked): Promise<Hold | Repeat>
}

/** Seconds for which an offer holds. */
export const offerSeconds = 300

/** The most units that a call may cost, where its answers have this limit if the request names none. */
export function mostUnitsOf({ prompt, most, answers }: Asked, answerTokens: number): bigint {
  return most ?? prompt + BigInt(answerTokens) * BigInt(answers)
}

/** Throws `gateway.payment-other` where a payment is not for what was offered. */
export function assertOffered(given: object, offered: Record<string, string>): void {
  for (const [field, expected] of Object.entries(offered)) {
    const found = String((given as Record<string, unknown>)[field] ?? '')
    if (found.toLowerCase() !== expected.toLowerCase())
      throw new KinmarkError('gateway.payment-other', { field, given: found.slice(0, 80), expected })
  }
}
