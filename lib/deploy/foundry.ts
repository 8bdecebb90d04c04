import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type KinmarkError, LegacyError } from '../error'

const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))

/** The environment in which forge and anvil are found: what `npm ci` brought, else the user's own. */
export const foundryEnv = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) }

export function foundryMissing(tool: 'forge' | 'anvil', cause: unknown): KinmarkError {
  return new LegacyError(
    `“${tool}” was found neither in node_modules/.bin nor on the PATH: run npm ci on Linux x64, or install Foundry from https://getfoundry.sh.`,
    { cause },
  )
}
