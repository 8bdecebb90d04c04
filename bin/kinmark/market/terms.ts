import { parseCopyId, parseModelId } from '../../../lib/chain/ids'
import { maxRoyaltyBps } from '../../../lib/chain/obligations'
import { type Relation, relations } from '../../../lib/chain/states'
import type { Terms } from '../../../lib/chain/terms'
import { KinmarkError } from '../../../lib/error'
import { parsePercent } from '../../../lib/format/parse-percent'
import { parseUsdc } from '../../../lib/format/parse-usdc'
import { required, type Values } from '../options'

const wholeBps = 10_000
/** The contracts keep amounts of terms as uint64. */
const maxAmount = 2n ** 64n - 1n

/** Terms as options give them. What is not given is as on the publish page. */
export function termsOf(values: Values): Terms {
  const { fee = '1', royalty = '10', floor = '0', leak = '50' } = values
  const derive = !values['no-derive']
  return {
    price: amountOf(required(values, 'price')),
    collateral: amountOf(required(values, 'collateral')),
    fee: amountOf(fee),
    royaltyBps: parsePercent(royalty, maxRoyaltyBps),
    floorBps: parsePercent(floor, wholeBps),
    leakBps: parsePercent(leak, wholeBps),
    licence: { derive, freeToDerive: derive && !values['holders-derive'], commercial: !values['no-commercial'] },
  }
}

function amountOf(text: string): bigint {
  const amount = parseUsdc(text)
  if (amount > maxAmount) throw new KinmarkError('form.amount-above-max', { amount, max: maxAmount })
  return amount
}

export type ParentOption = { id: string; relation: Relation; copyId: string | undefined }

/** “1,5:merge,7:finetune:12”: models with their relation, and the copy that lets their holder derive. */
export function parentsOf({ parents = '' }: Values): ParentOption[] {
  return parents
    .split(',')
    .filter(Boolean)
    .map((text) => {
      const [model, relation = 'finetune', copy] = text.trim().split(':')
      const [id, known] = [parseModelId(model), relations.find((each) => each === relation)]
      const copyId = copy === undefined ? undefined : parseCopyId(copy)
      if (!id || !known || copyId === null) throw new KinmarkError('cli.parent-invalid', { value: text, relations })
      return { id, relation: known, copyId }
    })
}
