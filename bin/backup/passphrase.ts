import { readFileSync } from 'node:fs'
import { KinmarkError } from '../../lib/error'

export const passphraseVariable = 'KINMARK_BACKUP_PASSPHRASE'

/** Keys that an operator may keep in the environment, besides the master key. */
const names = ['KINMARK_MINTER_KEY', 'KINMARK_MINTER_TOKEN']

/** The first line of the file, or the variable. Throws `storage.passphrase-missing`. */
export function passphraseOf(file: string | undefined): string {
  const given = file === undefined ? process.env[passphraseVariable] : readFileSync(file, 'utf8').split('\n')[0]
  if (!given) throw new KinmarkError('storage.passphrase-missing', { variable: passphraseVariable })
  return given
}

export function keyVariables(): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}
