import 'server-only'
import { eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { copies } from '../../db/schema'
import { market } from '../context/context'
import { copyRows, copyViews } from './copy-view'
import type { CopyView } from './views'

/** Everybody may see what the chain says of a copy; its files' names and hashes and its report are the buyer's. */
export async function getCopy(id: string, viewer: Address | null): Promise<CopyView | null> {
  const ctx = await market()
  const [view] = await copyViews(ctx, await copyRows(ctx, eq(copies.id, id)))
  if (!view) return null
  return view.buyer === viewer ? view : { ...view, files: [], report: null }
}
