import type { IncomingMessage } from 'node:http'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'
import { zeroAddress } from 'viem'
import { KinmarkError } from '../../error'
import { amountUp } from '../account'
import type { Books } from '../books'
import type { Asked, Hold, Payer } from '../payer'
import { leftOf } from '../purse'
import { type CustomerKey, hashOfKey, idOfKey, isCustomerKey, type KeyStore, purseOfKey } from './customer-key'

export type KeyOptions = {
  books: Books
  keys: KeyStore
  /** Counts calls for a minute. */
  counter: RateLimiterAbstract
  /** USDC of 6 decimals for a million units. */
  price: bigint
  /** Tokens that an answer may have where its request names no limit. */
  answerTokens: number
}

const million = 1_000_000n
const windowSeconds = 60

/** Calls of the host’s own customers, who have a key with a budget. The host bills them as it likes. */
export function keyPayer({ books, keys, counter, price, answerTokens }: KeyOptions): Payer {
  async function hold(request: IncomingMessage, asked: Asked): Promise<Hold | null> {
    const text = keyIn(request)
    if (text === null) return null
    const key = await keys.find(hashOfKey(text))
    if (!key) throw new KinmarkError('gateway.key-unknown')
    if (key.revokedAt !== null) throw new KinmarkError('gateway.key-revoked', { id: idOfKey(key) })
    if (key.expiresAt !== null && Date.now() / 1000 >= key.expiresAt)
      throw new KinmarkError('gateway.key-expired', { expiresAt: key.expiresAt })
    const headers = await countCall(key)
    const owner = purseOfKey(key)
    const units = await books.onPurse(owner, (purse) => {
      const units = unitsOf(asked, key.budget === null ? null : leftOf(purse, key.budget * million))
      purse.open += units * price
      return units
    })
    return { user: zeroAddress, units, price, headers, paid: { by: 'purse', owner, payment: null } }
  }

  /** The most units that a call may cost: where it names no limit, its answer may take what is left. `left`: USDC of 12 decimals. */
  function unitsOf({ prompt, most, answers }: Asked, left: bigint | null): bigint {
    const wanted = most ?? prompt + BigInt(answerTokens * answers)
    const least = most ?? prompt + BigInt(answers)
    const affordable = left === null || price === 0n ? wanted : left / price
    if (affordable < least)
      throw new KinmarkError('gateway.key-budget-spent', {
        ...{ left: (left ?? 0n) / million, needed: amountUp(least * price) },
      })
    return affordable < wanted ? affordable : wanted
  }

  /** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
  async function countCall(key: CustomerKey): Promise<Record<string, string>> {
    const { perMinute } = key
    if (perMinute === null) return {}
    const { consumedPoints, msBeforeNext } = await counter.penalty(idOfKey(key))
    const seconds = Math.ceil(msBeforeNext / 1000)
    if (consumedPoints > perMinute) throw new KinmarkError('gateway.key-rate-exceeded', { perMinute, seconds })
    return rateHeaders({ perMinute, left: perMinute - consumedPoints, seconds })
  }

  async function refusal(_: IncomingMessage, __: Asked, error: unknown): Promise<Record<string, string>> {
    if (!(error instanceof KinmarkError) || error.code !== 'gateway.key-rate-exceeded') return {}
    const { perMinute, seconds } = error.facts as { perMinute: number; seconds: number }
    return { ...rateHeaders({ perMinute, left: 0, seconds }), 'retry-after': `${seconds}` }
  }

  return { hold, refusal }
}

function rateHeaders({ perMinute, left, seconds }: { perMinute: number; left: number; seconds: number }) {
  return {
    'ratelimit-policy': `"calls";q=${perMinute};w=${windowSeconds}`,
    ratelimit: `"calls";r=${left};t=${seconds}`,
  }
}

/** The key as clients of both APIs send it; null for none of ours. */
function keyIn({ headers }: IncomingMessage): string | null {
  const [, bearer] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? []
  return [bearer, headers['x-api-key']].map(String).find(isCustomerKey) ?? null
}
