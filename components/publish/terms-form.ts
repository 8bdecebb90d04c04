import type { CopyId, ModelId } from '@/lib/chain/ids'
import { maxRoyaltyBps, type Obligations } from '@/lib/chain/obligations'
import type { Relation } from '@/lib/chain/states'
import type { Terms } from '@/lib/chain/terms'
import { KinmarkError } from '@/lib/error'
import { parsePercent } from '@/lib/format/parse-percent'
import { parseUsdc } from '@/lib/format/parse-usdc'

export const maxParents = 8
/** A floor of 100 % asks of descendants what the model asks itself; a leak bond of 100 % is all of the collateral. */
const wholeBps = 10_000
/** The contracts keep amounts of terms as uint64. */
const maxAmount = 2n ** 64n - 1n

/** The terms as typed. */
export type TermsForm = {
  price: string
  collateral: string
  /** USDC for a million tokens. */
  fee: string
  royalty: string
  floor: string
  /** Part of the collateral that is released slowly. */
  leak: string
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
  fee: '1',
  royalty: '10',
  floor: '0',
  leak: '50',
  derive: true,
  freeToDerive: true,
  commercial: true,
  playground: false,
}

type Amounts = Pick<TermsForm, 'price' | 'collateral' | 'fee' | 'royalty' | 'floor' | 'leak'>

type TermsErrors = Partial<Record<keyof Amounts, KinmarkError>>

/** The terms, or an error for each invalid field. Permissions that a parent does not allow are left out. */
export function readTerms(
  form: TermsForm,
  { floors, licence }: Pick<Obligations, 'floors' | 'licence'>,
): { terms: Terms } | { errors: TermsErrors } {
  const errors: TermsErrors = {}
  const read = <T>(field: keyof Amounts, parse: (text: string) => T): T | undefined => {
    try {
      return parse(form[field])
    } catch (error) {
      if (!(error instanceof KinmarkError)) throw error
      errors[field] = error
    }
  }
  const parseFrom = (floor: bigint) => (text: string) => {
    const amount = parseUsdc(text)
    if (amount > maxAmount) throw new KinmarkError('form.amount-above-max', { amount, max: maxAmount })
    if (amount < floor) throw new KinmarkError('form.amount-below-floor', { amount, floor })
    return amount
  }
  const price = read('price', parseFrom(floors.price))
  const collateral = read('collateral', parseFrom(floors.collateral))
  const fee = read('fee', parseFrom(floors.fee))
  const royaltyBps = read('royalty', (text) => parsePercent(text, maxRoyaltyBps))
  const floorBps = read('floor', (text) => parsePercent(text, wholeBps))
  const leakBps = read('leak', (text) => {
    const bps = parsePercent(text, wholeBps)
    if (bps < floors.leakBps) throw new KinmarkError('form.percentage-below-floor', { bps, floorBps: floors.leakBps })
    return bps
  })
  if (
    price === undefined ||
    collateral === undefined ||
    fee === undefined ||
    royaltyBps === undefined ||
    floorBps === undefined ||
    leakBps === undefined
  )
    return { errors }
  const derive = form.derive && licence.derive
  return {
    terms: {
      price,
      collateral,
      fee,
      royaltyBps,
      floorBps,
      leakBps,
      licence: {
        derive,
        freeToDerive: derive && licence.freeToDerive && form.freeToDerive,
        commercial: licence.commercial && form.commercial,
      },
    },
  }
}
