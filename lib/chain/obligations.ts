import type { ContractFunctionReturnType } from 'viem'
import { type Ancestor, partUp } from '../money/split'
import type { modelRegistryAbi } from './generated'
import type { ModelId } from './ids'
import { fullLicence, type Licence, type Terms } from './terms'

/** The contracts’ cap on a model’s royalty, and on the royalties to all of its ancestors together. */
export const maxRoyaltyBps = 5000
export const maxAncestors = 16

/** The least amounts that a model’s terms may ask. */
type Floors = ContractFunctionReturnType<typeof modelRegistryAbi, 'view', 'obligations'>[0]

/** A model’s obligations to its ancestors, fixed when it is registered. */
export type Obligations = {
  /** The ancestors that earn from it. */
  lineage: Ancestor<ModelId>[]
  floors: Floors
  /** The widest licence that it may give. */
  licence: Licence
}

type Parent = { id: ModelId; terms: Terms; obligations: Obligations }

/**
 * The obligations that a child of these parents inherits, as in `ModelRegistry.register`: an ancestor reached on two paths counts once,
 * with the larger royalty; floors are the largest of the parents’; the licence allows what all parents’ licences allow.
 */
export function inherit(parents: readonly Parent[]): Obligations {
  const royalties = new Map<ModelId, number>()
  const floors: Floors = { price: 0n, collateral: 0n, fee: 0n, leakBps: 0 }
  const licence = { ...fullLicence }
  for (const { id, terms, obligations } of parents) {
    for (const ancestor of [...obligations.lineage, { id, royaltyBps: terms.royaltyBps }])
      if (ancestor.royaltyBps > 0)
        royalties.set(ancestor.id, Math.max(royalties.get(ancestor.id) ?? 0, ancestor.royaltyBps))
    for (const field of ['price', 'collateral', 'fee'] as const)
      floors[field] = larger(floors[field], obligations.floors[field], partUp(terms[field], terms.floorBps))
    const leakBps = Number(partUp(BigInt(terms.leakBps), terms.floorBps))
    floors.leakBps = Math.max(floors.leakBps, obligations.floors.leakBps, leakBps)
    for (const flag of ['derive', 'freeToDerive', 'commercial'] as const) licence[flag] &&= terms.licence[flag]
  }
  return { lineage: [...royalties].map(([id, royaltyBps]) => ({ id, royaltyBps })), floors, licence }
}

function larger(...amounts: bigint[]): bigint {
  return amounts.reduce((max, amount) => (amount > max ? amount : max))
}
