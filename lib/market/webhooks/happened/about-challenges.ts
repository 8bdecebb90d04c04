import 'server-only'
import { toCopyId } from '../../../chain/ids'
import type { EventOf } from '../../../indexer/decode'
import type { Happened, Place, Tell } from './happened'
import type { Subjects } from './subjects'

/** The host of the copy hears of a challenge, its challenger, and who decides for the model. Commitments name no copy. */
export function aboutChallenges(
  place: Place,
  event: EventOf<'challenges'>,
  subjects: Subjects,
  tell: Tell,
): Happened[] {
  const copy = 'copyId' in event.args ? subjects.copy(toCopyId(event.args.copyId)) : undefined
  if (!copy) return []
  const about = { copy: copy.id, model: copy.modelId }
  const accounts = [copy.buyer, ...subjects.controllers(copy.modelId)]
  switch (event.eventName) {
    case 'Challenged': {
      const { challenger, epoch, index } = event.args
      const data = { ...about, challenger, epoch: Number(epoch), index: String(index) }
      return [tell('challenge.opened', place, data, { accounts: [...accounts, challenger] })]
    }
    case 'Answered':
      return [tell('challenge.answered', place, about, { accounts })]
    case 'Convicted': {
      const { challenger, offence, taken } = event.args
      const data = { ...about, challenger, offence, taken: String(taken) }
      return [tell('challenge.convicted', place, data, { accounts: [...accounts, challenger] })]
    }
    case 'BountyPaid': {
      const { to, amount } = event.args
      const data = { ...about, to, amount: String(amount) }
      return [tell('challenge.rewarded', place, data, { accounts: [...accounts, to] })]
    }
    default:
      return []
  }
}
