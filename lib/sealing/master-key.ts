import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { KinmarkError } from '../error'
import { deriveKey } from './seal'

/** 32 bytes: the key from the environment, else the key in `file`, which the first start makes readable by its owner only. */
export function masterKey(file: string, fromEnvironment?: string): Uint8Array {
  if (!fromEnvironment && !existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
  }
  const hex = fromEnvironment ?? readFileSync(file, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/i.test(hex))
    throw new KinmarkError('storage.master-key-length', {
      source: fromEnvironment ? 'KINMARK_MASTER_KEY' : file,
      length: hex.length,
    })
  return Buffer.from(hex, 'hex')
}

/** The bearer token of minters, in hex. */
export function minterToken(master: Uint8Array): string {
  return Buffer.from(deriveKey(master, 'minter token')).toString('hex')
}
