import type { CopyId, ModelId } from '@/lib/chain/ids'
import type { Relation } from '@/lib/chain/states'
import type { Terms } from '@/lib/chain/terms'
import { KinmarkError } from '@/lib/error'
import { parseUsdc } from '@/lib/format/parse-usdc'
import { parsePercent } from './parse-percent'

/** The contracts' cap on a model's royalty, and on the sum of its parents' royalties. */
export const maxRoyaltyBps = 5000
export const maxParents = 8

/** The terms as typed. */
export type TermsForm = {
  price: string
  collateral: string
  fee: string
  royalty: string
  derive: boolean
  freeToDerive: boolean
  commercial: boolean
  /** Stored in the metadata, not on the chain. */
  playground: boolean
}

export type ParentPick = { id: ModelId; relation: Relation; copyId: CopyId | null }

export const defaultTerms: TermsForm = {
  price: '25',
  collateral: '50',
  fee: '0.001',
  royalty: '10',
  derive: true,
  freeToDerive: true,
  commercial: true,
  playground: false,
}

type Amounts = Pick<TermsForm, 'price' | 'collateral' | 'fee' | 'royalty'>

type TermsErrors = Partial<Record<keyof Amounts, KinmarkError>>

/** The terms, or an error for each invalid field. */
export function readTerms(form: TermsForm): { terms: Terms } | { errors: TermsErrors } {
  const errors: TermsErrors = {}
  const read = <T>(field: keyof Amounts, parse: (text: string) => T): T | undefined => {
    try {
      return parse(form[field])
    } catch (error) {
      if (!(error instanceof KinmarkError)) throw error
      errors[field] = error
    }
  }
  const price = read('price', parseUsdc)
  const collateral = read('collateral', parseUsdc)
  const fee = read('fee', parseUsdc)
  const royaltyBps = read('royalty', (text) => parsePercent(text, maxRoyaltyBps))
  if (price === undefined || collateral === undefined || fee === undefined || royaltyBps === undefined)
    return { errors }
  const { derive, commercial } = form
  return {
    terms: {
      price,
      collateral,
      fee,
      royaltyBps,
      licence: { derive, freeToDerive: derive && form.freeToDerive, commercial },
    },
  }
}
