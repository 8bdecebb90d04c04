import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RateLimiterPostgres } from 'rate-limiter-flexible'
import { type Address, isAddressEqual, maxUint64 } from 'viem'
import { usageLedgerAbi } from '../../lib/chain/generated'
import { KinmarkError } from '../../lib/error'
import type { HostChain } from '../../lib/gateway/chain'
import { keyFile } from '../../lib/gateway/keys/key-file'
import { openReader } from '../../lib/gateway/shared/connection'
import { keyTable } from '../../lib/gateway/shared/key-table'
import { isShared, leaveFolder } from '../../lib/gateway/shared/move-in'
import { openSharedBooks, type SharedBooksOptions } from '../../lib/gateway/shared/shared-books'
import type { Values } from './options'

/** The Postgres that the gateways of a copy share; null for books of one gateway alone. */
export const databaseOf = ({ database }: Values): string | null =>
  database || process.env.KINMARK_GATEWAY_DATABASE || null

type Options = Omit<SharedBooksOptions, 'url' | 'logs'> & { folder: string }

/** Books, customers’ keys and counts of their calls in the database that `--database` names; null where it names none. */
export async function openShared(values: Values, { folder, ...options }: Options) {
  const url = databaseOf(values)
  if (!url) return null
  const logs = join(folder, 'receipts')
  const books = await openSharedBooks({ ...options, url, logs })
  await leaveFolder(folder, logs)
  const reader = openReader(url)
  const keys = keyTable(reader, options)
  for (const key of await keyFile(join(folder, 'keys.json')).list())
    if (!(await keys.find(key.hash))) await keys.add(key)
  const counter = new RateLimiterPostgres({
    ...{ storeClient: reader.pool, schemaName: 'kinmark_gateway', tableName: 'calls', tableCreated: true },
    ...{ points: 1, duration: 60, clearExpiredByTimeout: true },
  })
  return { books, keys, counter, close: reader.close }
}

/**
 * Checks that no other gateway gives out receipts of the copy, which without a shared database would have the same numbers.
 * Throws `gateway.books-shared` and `gateway.other-operator`.
 */
export async function assertAlone(chain: HostChain, operator: Address, folder: string): Promise<void> {
  if (isShared(await readdir(folder))) throw new KinmarkError('gateway.books-shared', { folder })
  const { client, copyId, deployment } = chain
  const usage = { address: deployment.contracts.usageLedger, abi: usageLedgerAbi } as const
  const count = await client.readContract({ ...usage, functionName: 'deploymentCount', args: [copyId] })
  for (let number = 1; number <= count; number++) {
    const { operator: other, urlHash } = await client.readContract({
      ...{ ...usage, functionName: 'deployments', args: [copyId, number] },
    })
    if (BigInt(urlHash) === 0n || isAddressEqual(other, operator)) continue
    if ((await chain.keyTerm(other)).until === maxUint64)
      throw new KinmarkError('gateway.other-operator', { operator: other })
  }
}
