import { mkdir, open, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmarkError } from '../../lib/error'
import type { OwnerKeySet } from '../../lib/fingerprint/keyset/owner-key-set'

const leasesFolder = 'leases'

type Lease = { target: string; keys: number[] }

/**
 * `count` secret keys for this target alone: those it was asked before, then fresh ones. A key that one target has seen
 * is never sent to another, because whoever serves it may have kept it. Written down before it is used.
 */
export async function leaseKeys(prep: string, keySet: OwnerKeySet, target: string, count: number): Promise<number[]> {
  const leases = await readLeases(prep)
  const own = leases.filter((lease) => lease.target === target).flatMap(({ keys }) => keys)
  const taken = new Set(leases.flatMap(({ keys }) => keys))
  const fresh = keySet.keys.filter(({ index, disclosed }) => !disclosed && !taken.has(index)).map(({ index }) => index)
  const more = fresh.slice(0, Math.max(0, count - own.length))
  if (own.length + more.length < count)
    throw new KinmarkError('cli.keys-leased', {
      requested: count,
      available: own.length + more.length,
      leased: taken.size - own.length,
      target,
    })
  if (more.length > 0) await writeLease(prep, leases.length, { target, keys: more })
  return [...own, ...more].slice(0, count)
}

async function readLeases(prep: string): Promise<Lease[]> {
  const names = await readdir(join(prep, leasesFolder)).catch((): string[] => [])
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return Promise.all(files.map(async (name) => JSON.parse(await readFile(join(prep, leasesFolder, name), 'utf8'))))
}

/** The file's number is the lease's: two programs that lease at once cannot both have it. */
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
