import 'server-only'
import { eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { copies } from '../../db/schema'
import { market } from '../context/context'
import { copyRows, copyViews } from './copy-view'
import type { CopyView } from './views'

export async function listCopies(buyer: Address): Promise<CopyView[]> {
  const open = await market()
  return copyViews(open, await copyRows(open, eq(copies.buyer, buyer)))
}
