import { logs } from '../../db/schema'
import type { RawLog } from '../decode'
import type { Rows } from '../rows'

/** ChallengeCourt: every event is kept, undecoded. */
export function handleChallenges(log: RawLog, rows: Rows): void {
  rows.add(logs, log)
}
