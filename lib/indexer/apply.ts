import type { Db } from '../db/open'
import { type Contracts, decode, type RawLog } from './decode'
import { handleCases } from './handlers/cases'
import { handleChallenges } from './handlers/challenges'
import { handleCopies } from './handlers/copies'
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
      return handleModels(event, log, rows)
    case 'copies':
      return handleCopies(event, log, rows)
    case 'treasury':
      return handleTreasury(event, log, rows, contracts)
    case 'origins':
      return handleOrigins(event, log, rows)
    case 'users':
      return handleUsers(event, log, rows)
    case 'usage':
      return handleUsage(event, log, rows)
    case 'provers':
      return handleProvers(event, log, rows)
    case 'cases':
      return handleCases(event, log, rows)
    case 'challenges':
      return handleChallenges(log, rows)
    case 'shares':
      return handleShares(event, log, rows)
  }
}
