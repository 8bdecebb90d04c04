import 'server-only'
import type { Db } from '../../db/open'
import type { versions } from '../../db/schema'
import { log } from '../../log'
import { isOutage } from '../../part-away'
import type { Market } from '../context/context'

const firstPause = 2
const longestPause = 600

type Version = Pick<typeof versions.$inferSelect, 'modelId' | 'version' | 'uri'>
type Pause = { seconds: number; until: number }

const pausesOf = new WeakMap<Db, Map<string, Pause>>()

/**
 * Does the work for one version after the other. One with which it fails, or is not done, waits longer and longer before
 * its next turn: anybody can register anything, and it must hold up no others. Throws where a part of the market is away.
 */
export async function inTurn<Row extends Version>(
  { db }: Pick<Market, 'db'>,
  rows: readonly Row[],
  work: (row: Row) => Promise<boolean>,
): Promise<void> {
  const pauses = pausesOf.get(db) ?? new Map<string, Pause>()
  pausesOf.set(db, pauses)
  for (const row of rows) {
    const { modelId, version, uri } = row
    const key = `${modelId} ${version} ${uri}`
    const pause = pauses.get(key)
    if (pause && pause.until > Date.now()) continue
    const isDone = await work(row).catch((error) => {
      if (isOutage(error)) throw error
      log.warn({ err: error, model: modelId, version }, 'A version cannot be listed; it is tried again later.')
      return false
    })
    const seconds = pause ? Math.min(2 * pause.seconds, longestPause) : firstPause
    if (isDone) pauses.delete(key)
    else pauses.set(key, { seconds, until: Date.now() + 1000 * seconds })
  }
}
