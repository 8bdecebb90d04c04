import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { KinmarkError, messageOf } from '../../error'
import { type CustomerKey, customerKeySchema, idOfKey, type KeyStore } from './customer-key'

const schema = z.array(customerKeySchema)
const freshMs = 500

/**
 * Keys in a file that only its owner can read. A gateway that runs sees within half a second what another process has
 * written. Throws `gateway.keys-unreadable`.
 * @dev Warning: two processes that write at the same time lose one of their changes.
 */
export function keyFile(file: string): KeyStore {
  let known = new Map<string, CustomerKey>()
  let version = ''
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | null = null

  /** Calls at the same time share one look at the file. */
  async function read(): Promise<Map<string, CustomerKey>> {
    if (performance.now() - lookedAt > freshMs)
      looking ??= look().finally(() => {
        looking = null
      })
    await looking
    return known
  }
  async function look(): Promise<void> {
    const found = await stat(file).catch(() => null)
    const now = found ? `${found.mtimeMs} ${found.size} ${found.ino}` : ''
    if (now !== version) {
      try {
        const keys = found ? schema.parse(JSON.parse(await readFile(file, 'utf8'))) : []
        known = new Map(keys.map((key) => [key.hash, key]))
        version = now
      } catch (cause) {
        const reason = messageOf(cause).split('\n')[0]
        throw new KinmarkError('gateway.keys-unreadable', { file, reason }, { cause })
      }
    }
    lookedAt = performance.now()
  }
  async function write(keys: CustomerKey[]): Promise<void> {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const text = JSON.stringify(keys, (_, value) => (typeof value === 'bigint' ? `${value}` : value), 2)
    await writeFile(`${file}.new`, `${text}\n`, { mode: 0o600, flush: true })
    await rename(`${file}.new`, file)
    lookedAt = Number.NEGATIVE_INFINITY
  }

  return {
    find: async (hash) => (await read()).get(hash) ?? null,
    list: async () => [...(await read()).values()],
    add: async (key) => write([...(await read()).values(), key]),
    async revoke(id, at) {
      const keys = [...(await read()).values()]
      const found = keys.find((key) => idOfKey(key) === id)
      if (!found) return null
      const revoked = { ...found, revokedAt: found.revokedAt ?? at }
      await write(keys.map((key) => (key === found ? revoked : key)))
      return revoked
    },
  }
}
