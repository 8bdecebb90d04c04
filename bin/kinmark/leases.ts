import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmarkError } from '../../lib/error'
import type { OwnerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'

const leasesFolder = 'leases'

type Lease = { target: string; keys: number[] }

/**
 * Leases `count` secret keys to one target: first those that it was leased before, then new ones. A key is never leased
 * to two targets, because the first may have recorded it. The lease is on disk before the keys are returned. Throws
 * `cli.keys-leased` and `cli.lease-conflict`.
 */
export async function leaseKeys(prep: string, keySet: OwnerKeySet, target: string, count: number): Promise<number[]> {
  const leases = await readLeases(prep)
  const own = leases.filter((lease) => lease.target === target).flatMap(({ keys }) => keys)
  const taken = new Set(leases.flatMap(({ keys }) => keys))
  const free = keySet.keys.filter(({ index, disclosed }) => !disclosed && !taken.has(index)).map(({ index }) => index)
  const added = free.slice(0, Math.max(0, count - own.length))
  const available = own.length + added.length
  if (available < count)
    throw new KinmarkError('cli.keys-leased', { requested: count, available, leased: taken.size - own.length, target })
  if (added.length > 0) await writeLease(prep, leases.length, { target, keys: added })
  return [...own, ...added].slice(0, count)
}

async function readLeases(prep: string): Promise<Lease[]> {
  const names = await readdir(join(prep, leasesFolder)).catch((): string[] => [])
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return Promise.all(files.map(async (name) => JSON.parse(await readFile(join(prep, leasesFolder, name), 'utf8'))))
}

/** The file’s name is the lease’s number, and an existing file is an error: of two concurrent leases one fails. */
async function writeLease(prep: string, number: number, lease: Lease): Promise<void> {
  await mkdir(join(prep, leasesFolder), { recursive: true, mode: 0o700 })
  const path = join(prep, leasesFolder, `${String(number).padStart(6, '0')}.json`)
  const file = await open(path, 'wx', 0o600).catch((cause) => {
    throw new KinmarkError('cli.lease-conflict', { folder: prep }, { cause })
  })
  await file.writeFile(`${JSON.stringify(lease)}\n`)
  await file.sync()
  await file.close()
}
