import type { Db } from '../db/open'
import { type Contracts, decode, type RawLog } from './decode'
import { handleCopies } from './handlers/copies'
import { handleModels } from './handlers/models'
import { handleOrigins } from './handlers/origins'
import { handleShares } from './handlers/shares'
import { handleTreasury } from './handlers/treasury'
import { handleUsers } from './handlers/users'

/**
 * Applies one log to the tables. The result depends only on the log and the tables, not on a clock or the network, so
 * replaying the same logs gives the same tables.
 */
export async function apply(log: RawLog, db: Db, contracts: Contracts): Promise<void> {
  const event = decode(log, contracts)
  switch (event?.from) {
    case 'models':
      return handleModels(event, log, db)
    case 'copies':
      return handleCopies(event, log, db)
    case 'treasury':
      return handleTreasury(event, log, db, contracts)
    case 'origins':
      return handleOrigins(event, log, db)
    case 'users':
      return handleUsers(event, log, db)
    case 'shares':
      return handleShares(event, log, db)
  }
}
