import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { LegacyError } from '../error'

const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'is not an address')
  .transform((text) => getAddress(text))

const schema = z.object({
  chainId: z.number().int().positive(),
  /** The first block that can hold an event of ours. */
  block: z.number().int().nonnegative(),
  contracts: z.object({
    modelRegistry: address,
    copyRegistry: address,
    minterRegistry: address,
    treasury: address,
    protocol: address,
    timelock: address,
    keyLedger: address,
    proverRegistry: address,
    usageLedger: address,
    challengeCourt: address,
    caseCourt: address,
    modelGovernorFactory: address,
    usd: address,
  }),
  /** The minter that new orders name. */
  minter: address,
})

/** Where Kinmark lives on one chain. Plain JSON. */
export type Deployment = z.infer<typeof schema>

/** Reads a deployment file. `name` is what the sentence calls it when it is unusable. */
export function parseDeployment(text: string, name = 'The deployment file'): Deployment {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new LegacyError(`${name} is not JSON.`, { cause })
  }
  const { data, error } = schema.safeParse(json)
  if (data) return data
  const { path, message } = error.issues[0]
  throw new LegacyError(`${name} cannot be used: ${path.join('.') || 'its content'}: ${message}.`, { cause: error })
}
