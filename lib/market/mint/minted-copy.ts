import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { CopyId } from '../../chain/ids'
import { copies } from '../../db/schema'
import type { Preparation } from '../../fingerprint/format/preparation'
import type { MintedCopy } from '../../fingerprint/keyset/minted-copy'
import type { Market } from '../context/context'
import { type CopyRow, copyRows } from '../read/copy-view'
import { preparationOf } from './preparation-of'
import { seedOf } from './seeds'

/** A copy that our minter has minted, with its version’s keys; null for any other. */
export async function mintedCopy(
  ctx: Market,
  id: CopyId,
): Promise<{ copy: MintedCopy; preparation: Preparation } | null> {
  const [row] = await copyRows(ctx, and(eq(copies.id, id), eq(copies.minter, ctx.deployment.minter))!)
  const copy = row && (await mintedCopyOf(ctx, row))
  const preparation = copy && (await preparationOf(ctx, row.copy.modelId, row.copy.version))
  return preparation ? { copy, preparation } : null
}

/** What a copy’s codeword is derived from; null before it was minted. */
export async function mintedCopyOf(ctx: Market, { copy, mint }: CopyRow): Promise<MintedCopy | null> {
  if (!mint?.artifactRoot) return null
  const buyerSeed = await seedOf(ctx, copy.buyer, copy.buyerSeedHash)
  return buyerSeed && { copyId: copy.id, buyerSeed: new Uint8Array(buyerSeed) }
}
