import type { ContractFunctionReturnType } from 'viem'
import { partUp } from '../money/split'
import type { modelRegistryAbi } from './generated'

/** Terms as the contracts store them: the licence is a bit field. */
export type ChainTerms = ContractFunctionReturnType<typeof modelRegistryAbi, 'view', 'terms'>

export type Licence = { derive: boolean; freeToDerive: boolean; commercial: boolean }

/** Terms with the licence’s bits by name. Amounts are USDC of 6 decimals. */
export type Terms = Omit<ChainTerms, 'licence'> & { licence: Licence }

const bits: Record<keyof Licence, number> = { derive: 1, freeToDerive: 2, commercial: 4 }

/** The licence that allows everything. */
export const fullLicence: Licence = { derive: true, freeToDerive: true, commercial: true }

export function licenceFromChain(licence: number): Licence {
  return {
    derive: (licence & bits.derive) !== 0,
    freeToDerive: (licence & bits.freeToDerive) !== 0,
    commercial: (licence & bits.commercial) !== 0,
  }
}

export function termsToChain({ licence, ...terms }: Terms): ChainTerms {
  const set = (Object.keys(bits) as (keyof Licence)[]).filter((flag) => licence[flag])
  return { ...terms, licence: set.reduce((sum, flag) => sum | bits[flag], 0) }
}

export function termsFromChain({ licence, ...terms }: ChainTerms): Terms {
  return { ...terms, licence: licenceFromChain(licence) }
}

/** Part of a copy’s collateral that is released slowly after its closing, as `CopyRegistry.order` rounds it. */
export function leakBondUp({ collateral, leakBps }: Pick<Terms, 'collateral' | 'leakBps'>): bigint {
  return partUp(collateral, leakBps)
}
