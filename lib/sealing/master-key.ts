import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { LegacyError } from '../error'
import { deriveKey } from './seal'

/** The key from the environment, in hex; without one, the key in `file`, made at the first start and readable by its owner only. */
export function masterKey(file: string, fromEnvironment?: string): Uint8Array {
  if (!fromEnvironment && !existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  }
  const hex = fromEnvironment ?? readFileSync(file, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/i.test(hex))
    throw new LegacyError(
      `The master key in ${fromEnvironment ? 'KINMARK_MASTER_KEY' : file} must be 64 hex digits; it has ${hex.length} characters.`,
    )
  return Buffer.from(hex, 'hex')
}

/** What a minter shows in order to lease jobs. */
export function minterToken(master: Uint8Array): string {
  return Buffer.from(deriveKey(master, 'minter token')).toString('hex')
}
