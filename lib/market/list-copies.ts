import 'server-only'
import { eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { copies } from '../db/schema'
import { copyRows, copyViews } from './copy-view'
import { market } from './open'
import type { CopyView } from './types'

export async function listCopies(buyer: Address): Promise<CopyView[]> {
  const open = await market()
  return copyViews(open, await copyRows(open, eq(copies.buyer, buyer)))
}
