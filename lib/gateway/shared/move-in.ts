import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientBase } from 'pg'
import { hexToBytes } from 'viem'
import { KinmarkError } from '../../error'
import { epochsIn, recordsIn } from '../books'
import type { StoredReceipt } from '../log/records'
import type { ReceiptSigner } from '../receipt-signer'
import { emptyStanding } from '../standing'
import { type Desk, type Ledger, writeLedger } from './ledger'

const mostAtOnce = 10_000
const sharedFile = 'books-are-shared'

/**
 * Enters the logs of a gateway that had its books to itself into books that are still empty. Throws
 * `gateway.books-in-folder` where the books hold other receipts.
 */
export async function moveIn(
  client: ClientBase,
  desk: Desk,
  folder: string,
  { signed }: Pick<ReceiptSigner, 'signed'>,
): Promise<void> {
  const epochs = await epochsIn(folder).catch(() => [])
  const logs: { epoch: bigint; receipts: StoredReceipt[] }[] = []
  let standing = emptyStanding()
  for (const epoch of epochs) {
    standing = emptyStanding()
    const receipts: StoredReceipt[] = []
    for (const record of await recordsIn(folder, epoch, desk.header)) {
      standing.enter(record)
      if (record.kind === 'receipt') receipts.push(record.stored)
    }
    logs.push({ epoch, receipts })
  }
  if (logs.length === 0) return
  const last = logs.findLast(({ receipts }) => receipts.length > 0)?.receipts.at(-1)
  if (last && (await isKnown(client, desk, last))) return
  const { rows } = await client.query(
    'select exists (select 1 from epochs where books = $1) or exists (select 1 from accounts where books = $1) as used',
    [desk.books],
  )
  if (rows[0].used) throw new KinmarkError('gateway.books-in-folder', { folder })
  for (const { epoch, receipts } of logs)
    for (let from = 0; from === 0 || from < receipts.length; from += mostAtOnce) {
      const some = receipts.slice(from, from + mostAtOnce).map(signed)
      const units = receipts.reduce((sum, { receipt }) => sum + receipt.units, 0n)
      const head = { epoch, count: BigInt(receipts.length), units }
      const ledger: Ledger = { head, standing, othersOpen: 0n, openUnits: 0n, others: new Map(), receipts: some }
      await writeLedger(client, desk, ledger, [])
    }
}

async function isKnown(client: ClientBase, desk: Desk, { id, leaf }: StoredReceipt): Promise<boolean> {
  const { rows } = await client.query('select leaf from receipts where books = $1 and id = $2', [
    ...[desk.books, Buffer.from(hexToBytes(id))],
  ])
  return rows.length > 0 && Buffer.compare(rows[0].leaf, leaf) === 0
}

/** Puts logs that have moved aside, so that the books in this folder are never used beside the shared ones. */
export async function leaveFolder(folder: string, logs: string): Promise<void> {
  await writeFile(
    join(folder, sharedFile),
    'The books of this copy are in a database: start the gateway with --database.\n',
  )
  await rename(logs, `${logs}-moved`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

export const isShared = (names: readonly string[]): boolean => names.includes(sharedFile)
