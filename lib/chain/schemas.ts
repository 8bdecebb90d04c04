import { getAddress, type Hex, isAddress } from 'viem'
import { z } from 'zod'
import { parseCopyId, parseModelId } from './ids'

/** Values of the chain in JSON. Parsing gives the typed value. */
export const hex = z
  .string()
  .max(20_000)
  .regex(/^0x([0-9a-fA-F]{2})*$/, 'must be hex bytes with 0x in front')
  .transform((text) => text as Hex)

export const bytes32 = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'must be 32 hex bytes with 0x in front')
  .transform((text) => text.toLowerCase() as Hex)

export const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'must be an address')
  .transform((text) => getAddress(text))

export const modelIdSchema = idSchema(parseModelId)
export const copyIdSchema = idSchema(parseCopyId)

function idSchema<Id extends string>(parse: (text: string) => Id | null) {
  return z.string().transform((text, context) => {
    const id = parse(text)
    if (id) return id
    context.addIssue('must be an id: a whole number in decimal')
    return z.NEVER
  })
}
