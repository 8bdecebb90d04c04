import type { Address, Hex } from 'viem'
import { modelRegistryAbi } from './generated'
import type { CopyId, ModelId } from './ids'
import { type Relation, relations } from './states'
import { type Terms, termsToChain } from './terms'

type ParentChoice = {
  id: bigint | ModelId
  relation: Relation
  /** Hash of the terms shown to the creator: registering reverts if they have changed by then. */
  termsHash: Hex
  /** An active copy of the parent that the creator holds; left out where the parent is free to derive. */
  copyId?: bigint | CopyId
}

export type Registration = {
  manifestRoot: Hex
  metadataURI: string
  terms: Terms
  parents: readonly ParentChoice[]
  /** Accounts that may mint copies of the model. */
  minters: readonly Address[]
}

/** Publishes a model. */
export function registerCall(
  modelRegistry: Address,
  { manifestRoot, metadataURI, terms, parents, minters }: Registration,
) {
  const refs = parents.map(({ id, relation, termsHash, copyId }) => ({
    id: BigInt(id),
    relation: relations.indexOf(relation),
    termsHash,
    copyId: BigInt(copyId ?? 0),
  }))
  return {
    address: modelRegistry,
    abi: modelRegistryAbi,
    functionName: 'register',
    args: [manifestRoot, metadataURI, termsToChain(terms), refs, minters],
  } as const
}
