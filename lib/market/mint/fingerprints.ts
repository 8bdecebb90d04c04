import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { copies, models } from '../../db/schema'
import {
  type ControllerKit,
  controllerKit,
  type DisclosedKit,
  disclosedKit,
  type MintedCopy,
} from '../../fingerprint/keyset/key-set'
import { type Market, market } from '../context/context'
import { Refusal } from '../http/http-error'
import { type CopyRow, copyRows } from '../read/copy-view'
import { preparationOf } from './secrets'
import { seedOf } from './seeds'

/** What a buyer may check the own copy with. */
export async function buyerKit(buyer: Address, copyId: string): Promise<DisclosedKit> {
  const open = await market()
  const [row] = await copyRows(open, and(eq(copies.id, copyId), eq(copies.buyer, buyer))!)
  if (!row) throw new Refusal(404, `You have no copy ${copyId.slice(0, 80)}.`)
  const minted = await mintedCopy(open, row)
  const preparation = await preparationOf(open, row.copy.modelId, row.copy.version)
  if (!minted || !preparation) throw new Refusal(409, `Copy ${copyId} has not been minted yet.`)
  return disclosedKit(preparation, minted)
}

/** What a model's owner checks any suspect with: every key of its newest version, and every copy's codeword. */
export async function ownerKit(owner: Address, modelId: string): Promise<ControllerKit> {
  const open = await market()
  const [model] = await open.db.select().from(models).where(eq(models.id, modelId))
  if (!model) throw new Refusal(404, `There is no model ${modelId.slice(0, 80)}.`)
  if (model.owner !== owner) throw new Refusal(403, `Model ${modelId} is not yours: its keys are for ${model.owner}.`)
  const preparation = await preparationOf(open, modelId, model.version)
  if (!preparation)
    throw new Refusal(409, `Model ${modelId} has no keys yet: they are made when the first copy is minted.`)
  const rows = await copyRows(open, and(eq(copies.modelId, modelId), eq(copies.version, model.version))!)
  const minted = await Promise.all(rows.map((row) => mintedCopy(open, row)))
  return controllerKit(
    preparation,
    minted.filter((copy) => copy !== null),
  )
}

async function mintedCopy(open: Market, { copy, mint }: CopyRow): Promise<MintedCopy | null> {
  if (!mint?.artifactRoot) return null
  const buyerSeed = await seedOf(open, copy.buyer, copy.buyerSeedHash)
  return buyerSeed && { copyId: copy.id, buyerSeed: new Uint8Array(buyerSeed) }
}
