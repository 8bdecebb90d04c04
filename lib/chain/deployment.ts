import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { KinmarkError } from '../error'

const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'is not an address')
  .transform((text) => getAddress(text))

const schema = z.object({
  chainId: z.number().int().positive(),
  /** The first block that can hold an event of these contracts; 0 where it is not known. */
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
    userLedger: address,
    challengeCourt: address,
    caseCourt: address,
    leakCases: address,
    refusalCases: address,
    parentCases: address,
    origins: address,
    modelGovernorFactory: address,
    usd: address,
  }),
  /** New orders name this minter. */
  minter: address,
})

/** The addresses of Kinmark’s contracts on one chain, as the deployment file holds them in JSON. */
export type Deployment = z.infer<typeof schema>

/** The contracts whose events make the tables. */
export function indexedContracts({ contracts }: Deployment) {
  const { modelRegistry, copyRegistry, minterRegistry, treasury, usageLedger, userLedger } = contracts
  const { caseCourt, challengeCourt, proverRegistry, origins, modelGovernorFactory } = contracts
  return {
    ...{ modelRegistry, copyRegistry, minterRegistry, treasury, usageLedger, userLedger },
    ...{ caseCourt, challengeCourt, proverRegistry, origins, modelGovernorFactory },
  }
}

/** Parses and checks the text of a deployment file; `file` names it in errors. Throws `deploy.file-not-json`, `deploy.file-invalid`. */
export function parseDeployment(text: string, file = 'deployment.json'): Deployment {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new KinmarkError('deploy.file-not-json', { file }, { cause })
  }
  const { data, error } = schema.safeParse(json)
  if (data) return data
  const { path, message } = error.issues[0]
  throw new KinmarkError('deploy.file-invalid', { file, field: path.join('.'), reason: message }, { cause: error })
}
