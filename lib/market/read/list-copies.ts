import 'server-only'
import { eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { copies } from '../../db/schema'
import { market } from '../context/context'
import { copyRows, copyViews } from './copy-view'
import type { CopyView } from './views'

export async function listCopies(buyer: Address): Promise<CopyView[]> {
  const ctx = await market()
  return copyViews(ctx, await copyRows(ctx, eq(copies.buyer, buyer)))
}
