import 'server-only'
import { and, asc, eq, gt } from 'drizzle-orm'
import { copyRegistryAbi } from '../../chain/generated'
import { copyStates } from '../../chain/states'
import { copies } from '../../db/schema'
import type { Refusal } from '../../minting/refusal'
import { market } from '../context/context'
import { copyRows } from '../read/copy-view'
import { protocolTime } from '../read/protocol-time'

/** A refused copy of our minter whose answer is due; null if there is none. */
export async function nextRefusal(): Promise<Refusal | null> {
  const ctx = await market()
  const { db, client, deployment } = ctx
  const now = Number(await protocolTime(ctx))
  const [found] = await db
    .select({ id: copies.id })
    .from(copies)
    .where(and(eq(copies.state, 'refused'), eq(copies.minter, deployment.minter), gt(copies.answerDeadline, now)))
    .orderBy(asc(copies.answerDeadline))
    .limit(1)
  if (!found) return null
  const [{ copy, mint }] = await copyRows(ctx, eq(copies.id, found.id))
  // The index may be some blocks behind: the answer may be on the chain already.
  const { state } = await client.readContract({
    address: deployment.contracts.copyRegistry,
    abi: copyRegistryAbi,
    functionName: 'copies',
    args: [BigInt(copy.id)],
  })
  if (copyStates[state] !== 'refused') return null
  return {
    copyId: copy.id,
    isMinted: mint?.artifactRoot === copy.artifactRoot && mint?.fingerprintRoot === copy.fingerprintRoot,
  }
}
