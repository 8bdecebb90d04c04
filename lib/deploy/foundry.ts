import 'server-only'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KinmarkError } from '../error'

const bin = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))

/** The environment for forge and anvil: those that `npm ci` installed come first on the PATH, then the user’s own. */
export const foundryEnv = { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) }

export function foundryMissing(tool: 'forge' | 'anvil', cause: unknown): KinmarkError {
  return new KinmarkError('deploy.tool-missing', { tool }, { cause })
}
