import { caseKinds, verdicts } from '../../chain/states'
import { cases, logs } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'

/** CaseCourt: cases and their rulings; every event is kept, for the history of a case. */
export function handleCases(event: EventOf<'cases'>, log: RawLog, rows: Rows): void {
  rows.add(logs, log)
  switch (event.eventName) {
    case 'Opened': {
      const { id, subject, opener, kind } = event.args
      const opened = { kind: caseKinds[kind], subject: String(subject), opener, openedAt: log.at }
      rows.insert(cases, { id: Number(id), ...opened, verdict: 'none', closed: false, taken: 0n })
      return
    }
    case 'Ruled':
      rows.update(cases, { id: Number(event.args.id) }, { verdict: verdicts[event.args.verdict] })
      return
    case 'CaseClosed': {
      const { id, verdict, taken } = event.args
      rows.update(cases, { id: Number(id) }, { verdict: verdicts[verdict], closed: true, taken })
      return
    }
  }
}
