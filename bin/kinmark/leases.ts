import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KinmarkError } from '../../lib/error'

const leasesFolder = 'leases'

type Lease = { target: string; keys: number[] }

/** Keys leased together, before the first of them is sent. */
const atOnce = 16

/**
 * Leases keys to one target as they are needed: first those that it was leased before, then new ones in the given order. A
 * key is never leased to two targets, because the first may have recorded it. A lease is on disk before its keys are
 * given out. With `count`, throws `cli.keys-leased` where as many are not available. Throws `cli.lease-conflict`.
 */
export async function* leaseKeys(
  prep: string,
  order: readonly number[],
  target: string,
  count?: number,
): AsyncGenerator<number> {
  const leases = await readLeases(prep)
  const own = leases.filter((lease) => lease.target === target).flatMap(({ keys }) => keys)
  const taken = new Set(leases.flatMap(({ keys }) => keys))
  const free = order.filter((key) => !taken.has(key))
  const available = own.length + free.length
  if (available < (count ?? 1))
    throw new KinmarkError('cli.keys-leased', {
      ...{ requested: count ?? 1, available, leased: taken.size - own.length, target },
    })
  const wanted = count ?? available
  yield* own.slice(0, wanted)
  let number = leases.length
  for (let from = 0; own.length + from < wanted; from += atOnce) {
    const keys = free.slice(from, Math.min(from + atOnce, wanted - own.length))
    await writeLease(prep, number++, { target, keys })
    yield* keys
  }
}

async function readLeases(prep: string): Promise<Lease[]> {
  const names = await readdir(join(prep, leasesFolder)).catch((): string[] => [])
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return Promise.all(files.map(async (name) => JSON.parse(await readFile(join(prep, leasesFolder, name), 'utf8'))))
}

/**
 * The file’s name is the lease’s number, and an existing file is an error: of two concurrent leases one fails. The file gets
 * its name when it is whole, so nobody reads half of a lease.
 */
async function writeLease(prep: string, number: number, lease: Lease): Promise<void> {
  const folder = join(prep, leasesFolder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const unnamed = join(folder, `${randomUUID()}.part`)
  try {
    const file = await open(unnamed, 'wx', 0o600)
    await file.writeFile(`${JSON.stringify(lease)}\n`)
    await file.sync()
    await file.close()
    await link(unnamed, join(folder, `${String(number).padStart(6, '0')}.json`)).catch((cause) => {
      if (cause.code !== 'EEXIST') throw cause
      throw new KinmarkError('cli.lease-conflict', { folder: prep }, { cause })
    })
  } finally {
    await rm(unnamed, { force: true })
  }
}
