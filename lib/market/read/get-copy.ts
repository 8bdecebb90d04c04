import 'server-only'
import { eq } from 'drizzle-orm'
import type { Address } from 'viem'
import type { CopyId } from '../../chain/ids'
import { copies } from '../../db/schema'
import { market } from '../context/context'
import { copyRows, copyViews } from './copy-view'
import type { CopyView } from './views'

/** A copy as `viewer` may see it: everybody sees the data of the chain, the buyer also files and report. */
export async function getCopy(id: CopyId, viewer: Address | null): Promise<CopyView | null> {
  const ctx = await market()
  const [view] = await copyViews(ctx, await copyRows(ctx, eq(copies.id, id)))
  if (!view) return null
  return view.buyer === viewer ? view : { ...view, files: [], report: null }
}
