import type { Db } from '../db/open'
import { type Contracts, decode, type RawLog } from './decode'
import { handleCases } from './handlers/cases'
import { handleChallenges } from './handlers/challenges'
import { handleCopies } from './handlers/copies'
import { handleGovernorFactory } from './handlers/governor-factory'
import { handleGovernors } from './handlers/governors'
import { handleMinters } from './handlers/minters'
import { handleModels } from './handlers/models'
import { handleOrigins } from './handlers/origins'
import { handleProvers } from './handlers/provers'
import { handleShares } from './handlers/shares'
import { handleTreasury } from './handlers/treasury'
import { handleUsage } from './handlers/usage'
import { handleUsers } from './handlers/users'
import { Rows } from './rows'

/**
 * Applies logs, in order, to the tables. The result depends only on the logs and the tables, not on a clock or the network.
 * What blocks after `final` changed can be undone.
 */
export async function apply(logs: readonly RawLog[], db: Db, contracts: Contracts, final: number): Promise<void> {
  const rows = new Rows(db)
  const events = logs.flatMap((log) => {
    const event = decode(log, contracts)
    return event ? [{ log, event }] : []
  })
  await rows.settle(events, ({ log, event }) => {
    rows.block = log.block
    handle(event, log, rows, contracts)
  })
  await rows.flush(db, final)
}

type Event = NonNullable<ReturnType<typeof decode>>

function handle(event: Event, log: RawLog, rows: Rows, contracts: Contracts): void {
  switch (event.from) {
    case 'models':
      handleModels(event, log, rows)
      return
    case 'copies':
      handleCopies(event, log, rows)
      return
    case 'minters':
      handleMinters(event, log, rows)
      return
    case 'treasury':
      handleTreasury(event, log, rows, contracts)
      return
    case 'origins':
      handleOrigins(event, log, rows)
      return
    case 'users':
      handleUsers(event, log, rows)
      return
    case 'usage':
      handleUsage(event, log, rows)
      return
    case 'provers':
      handleProvers(event, log, rows)
      return
    case 'cases':
      handleCases(event, log, rows)
      return
    case 'governorFactory':
      handleGovernorFactory(event, rows)
      return
    case 'governors':
      handleGovernors(event, log, rows)
      return
    case 'challenges':
      handleChallenges(log, rows)
      return
    case 'shares':
      handleShares(event, log, rows)
      return
  }
}
