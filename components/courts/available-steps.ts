import type { Address } from 'viem'
import type { CaseStep } from '@/lib/chain/case'
import { isSameAddress } from '@/lib/format/addresses'
import type { CaseView } from '@/lib/market/read/views'

type Trial = Pick<
  CaseView,
  | 'kind'
  | 'stage'
  | 'verdict'
  | 'round'
  | 'accused'
  | 'answered'
  | 'annulled'
  | 'openers'
  | 'excluded'
  | 'until'
  | 'closesAfter'
  | 'revealUntil'
>

export type Steps = { steps: CaseStep[]; answer: boolean; join: boolean }

/** The steps of a case that an account may take at a protocol time, in seconds. */
export function availableSteps(trial: Trial, account: Address | null, now: number): Steps {
  const is = (other: Address) => account !== null && isSameAddress(account, other)
  const isOpener = trial.openers.some(is)
  const passed = (time: number | null) => time === null || now > time
  const steps: CaseStep[] = []
  if (trial.stage === 'drawing') steps.push('draw')
  if (trial.stage === 'voting' && passed(trial.revealUntil)) steps.push('rule')
  if (trial.stage === 'ruled') {
    const lost = (is(trial.accused) && trial.verdict !== 'reject') || (isOpener && trial.verdict !== 'accept')
    if (lost && trial.until !== null && !passed(trial.until) && !trial.annulled) steps.push('appeal')
    if (passed(trial.closesAfter)) steps.push('close')
  }
  const hearing = trial.round === 0 && (trial.stage === 'drawing' || trial.stage === 'voting')
  const free = account !== null && !isOpener && !trial.excluded.some(is)
  return {
    steps,
    answer: hearing && is(trial.accused) && !trial.answered && !passed(trial.until),
    join:
      trial.kind !== 'refusal' && trial.stage === 'drawing' && trial.round === 0 && free && trial.openers.length < 8,
  }
}
