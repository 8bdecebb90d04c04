import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { KinmarkError } from '../error'

const whole = z
  .string()
  .regex(/^\d{1,78}$/)
  .transform(BigInt)
const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'is not an address')
  .transform((text) => getAddress(text))

const schema = z.object({
  copyId: whole,
  chainId: z.number().int(),
  operator: address,
  /** USDC of 6 decimals for a million tokens. */
  price: whole,
  /** What the host says of its weights, such as “Q8_0”. Nobody checks it. */
  precision: z
    .string()
    .regex(/^[\w .-]{1,24}$/)
    .nullish()
    .catch(null),
})

/** What a host says about itself at `/v1/kinmark`. */
export type HostFacts = z.infer<typeof schema>

export type Deployment = { copyId: bigint; chainId: number; operator: string; price: bigint }

/** Reads what a host says, and compares it with its deployment on the chain. Throws `gateway.host-differs`. */
export function readHostFacts(json: unknown, expected: Deployment): HostFacts {
  const { data } = schema.safeParse(json)
  const differs = (field: string) => new KinmarkError('payer.host-differs', { field })
  if (!data) throw differs('its format')
  if (data.chainId !== expected.chainId) throw differs('the chain')
  if (data.copyId !== expected.copyId) throw differs('the copy')
  if (data.operator !== getAddress(expected.operator)) throw differs('the operator key')
  if (data.price !== expected.price) throw differs('the price')
  return data
}

/** The base of a deployment’s URL, without the `/v1` that it may end with. */
export function hostBase(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/\/(v1\/?)?$/, '')}`
}
