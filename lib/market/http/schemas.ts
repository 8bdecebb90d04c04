import { getAddress, type Hex, isAddress } from 'viem'
import { z } from 'zod'

/** What requests are made of. */
export const hex = z
  .string()
  .max(20_000)
  .regex(/^0x([0-9a-fA-F]{2})*$/, 'is not hex with 0x in front')
  .transform((text) => text as Hex)

export const bytes32 = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'is not 32 bytes in hex with 0x in front')
  .transform((text) => text.toLowerCase() as Hex)

export const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'is not an address')
  .transform((text) => getAddress(text))
