import 'server-only'
import type { CopyId } from '../../../chain/ids'
import { toModelId } from '../../../chain/ids'
import { verdicts } from '../../../chain/states'
import type { EventOf } from '../../../indexer/decode'
import type { Happened, Place, Tell } from './happened'
import type { Subjects } from './subjects'

/** The opener of a case hears of it, the parties of its copy, who decides for the model, and jurors who are drawn. */
export function aboutCases(place: Place, event: EventOf<'cases'>, subjects: Subjects, tell: Tell): Happened[] {
  const trial = 'id' in event.args ? subjects.case(Number(event.args.id)) : undefined
  if (!trial) return []
  const copy = trial.kind === 'parent' ? undefined : subjects.copy(trial.subject as CopyId)
  const model = copy?.modelId ?? toModelId(BigInt(trial.subject))
  const about = { case: trial.id, copy: copy?.id ?? null, model }
  const accounts = [trial.opener, ...(copy ? [copy.buyer, copy.minter] : []), ...subjects.controllers(model)]
  switch (event.eventName) {
    case 'Opened':
    case 'Joined': {
      const { opener, evidence } = event.args
      const type = event.eventName === 'Opened' ? 'case.opened' : 'case.joined'
      return [tell(type, place, { ...about, opener, evidence }, { accounts: [...accounts, opener] })]
    }
    case 'Answered': {
      const { answer, until } = event.args
      return [tell('case.answered', place, { ...about, answer, until: Number(until) }, { accounts })]
    }
    case 'Drawn': {
      const { panel, commitUntil, revealUntil } = event.args
      const times = { commitUntil: Number(commitUntil), revealUntil: Number(revealUntil) }
      return [
        tell('case.drawn', place, { ...about, panel: [...panel], ...times }, { accounts: [...accounts, ...panel] }),
      ]
    }
    case 'Ruled':
      return [tell('case.ruled', place, { ...about, verdict: verdicts[event.args.verdict] }, { accounts })]
    case 'Appealed':
      return [tell('case.appealed', place, about, { accounts: [...accounts, event.args.appellant] })]
    case 'Annulled':
      return [tell('case.annulled', place, about, { accounts })]
    case 'CaseClosed':
      return [tell('case.closed', place, { ...about, verdict: verdicts[event.args.verdict] }, { accounts })]
    default:
      return []
  }
}
