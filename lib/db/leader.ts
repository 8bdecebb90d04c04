import type { PoolClient } from 'pg'
import type { Database } from './open'

/** What only one of all processes on a database does. */
const leaderLock = 0x6b696e6d

export type Leader = {
  /** Whether this process leads now. It does as long as the connection that holds the lock lives. */
  leads(): Promise<boolean>
  close(): Promise<void>
}

/**
 * An election among the processes that share a Postgres: who gets an advisory lock leads. When its connection ends, with the
 * process or without, Postgres releases the lock and the next one that asks has it. An embedded database has one process,
 * which leads.
 */
export function openLeader({ engine }: Pick<Database, 'engine'>): Leader {
  if ('pglite' in engine) return { leads: async () => true, close: async () => {} }
  const { pool } = engine
  let held: PoolClient | null = null
  return {
    async leads() {
      if (held) return true
      const client = await pool.connect()
      const lose = (error?: Error) => {
        if (held !== client) return
        held = null
        client.release(error ?? true)
      }
      client.on('error', lose)
      const end = () => lose()
      client.on('end', end)
      try {
        const { rows } = await client.query('select pg_try_advisory_lock($1) as got', [leaderLock])
        if (!rows[0].got) {
          client.off('error', lose)
          client.off('end', end)
          client.release()
          return false
        }
        held = client
        return true
      } catch (error) {
        client.release(error as Error)
        throw error
      }
    },
    async close() {
      const client = held
      held = null
      client?.release(true)
    },
  }
}
