import { setTimeout as wait } from 'node:timers/promises'
import { Client, Pool, type QueryResult } from 'pg'
import { KinmarkError, messageOf } from '../../error'

export type ConnectionOptions = {
  url: string
  /** Takes this gateway’s place on a new connection. Throws `gateway.books-left` where it has none any more. */
  attach(client: Client): Promise<void>
  /** Told when this gateway has no place any more. */
  onLeft(error: KinmarkError): void
}

export type Connection = {
  /**
   * Runs a transaction; one at a time. Throws `NotStored` where nothing of it is stored for certain, so that it may be run
   * again, and `gateway.log-failed` where that is not known.
   */
  transaction<T>(work: (client: Client) => Promise<T>): Promise<T>
  /** Why nothing can be stored; null while it can. */
  readonly failure: KinmarkError | null
  close(): Promise<void>
}

/** What reads the books, in a transaction or not. */
export type Reader = { query(text: string, values: unknown[]): Promise<QueryResult> }

/** Connections for reading outside of transactions. Throws `gateway.log-failed`. */
export function openReader(url: string): Reader & { pool: Pool; close(): Promise<void> } {
  const pool = new Pool({ connectionString: url, max: 4, options: '-c search_path=kinmark_gateway' })
  pool.on('error', () => {})
  return {
    pool,
    query: (text, values) =>
      pool.query(text, values).catch((cause) => {
        throw failedFor(cause)
      }),
    close: () => pool.end(),
  }
}

export class NotStored extends Error {
  constructor(override readonly cause: KinmarkError) {
    super(cause.message)
  }
}

const againMs = 250
/**
 * Postgres ends a connection that was silent for so long, and one that holds rows without doing anything. So a machine that
 * has stopped in the middle stops nobody else.
 */
const settings = [
  ['tcp_keepalives_idle', '3'],
  ['tcp_keepalives_interval', '1'],
  ['tcp_keepalives_count', '3'],
  ['idle_in_transaction_session_timeout', '30000'],
  ['statement_timeout', '45000'],
]

/** A connection that is made again when it is lost. Throws where the first one fails. */
export async function openConnection({ url, attach, onLeft }: ConnectionOptions): Promise<Connection> {
  let client: Client | null = null
  let failure: KinmarkError | null = null
  let closed = false
  let again: Promise<void> | null = null

  async function connect(): Promise<void> {
    const options = settings.map(([name, value]) => `-c ${name}=${value}`).join(' ')
    const opened = new Client({
      connectionString: url,
      options,
      keepAlive: true,
      connectionTimeoutMillis: 5000,
      query_timeout: 60_000,
    })
    opened.on('error', (cause) => lose(opened, cause))
    opened.on('end', () => lose(opened, new Error('the connection has ended')))
    try {
      await opened.connect()
      await attach(opened)
    } catch (error) {
      await opened.end().catch(() => undefined)
      throw error
    }
    client = opened
    failure = null
  }

  function lose(lost: Client, cause: Error): void {
    if (client !== lost || closed) return
    client = null
    failure = failedFor(cause)
    void lost.end().catch(() => undefined)
    again = reconnect()
  }

  async function reconnect(): Promise<void> {
    while (!closed) {
      try {
        return await connect()
      } catch (error) {
        if (error instanceof KinmarkError && error.code === 'gateway.books-left') {
          failure = error
          return onLeft(error)
        }
      }
      await wait(againMs)
    }
  }

  async function transact<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const own = client
    if (!own) throw new NotStored(failure ?? failedFor(new Error('it is closed')))
    let committing = false
    try {
      await own.query('begin')
      const result = await work(own)
      committing = true
      await own.query('commit')
      return result
    } catch (cause) {
      const over = await own.query('rollback').then(
        () => false,
        () => true,
      )
      if (over) lose(own, cause as Error)
      const error = cause instanceof KinmarkError ? cause : failedFor(cause)
      throw committing ? error : new NotStored(error)
    }
  }

  let last: Promise<unknown> = Promise.resolve()
  await connect()
  return {
    transaction(work) {
      const turn = last.then(() => transact(work))
      last = turn.catch(() => undefined)
      return turn
    },
    get failure() {
      return failure
    },
    async close() {
      closed = true
      await again
      await client?.end()
      client = null
      failure ??= failedFor(new Error('it is closed'))
    },
  }
}

function failedFor(cause: unknown): KinmarkError {
  const reason = (cause as NodeJS.ErrnoException).code ?? messageOf(cause)
  return new KinmarkError('gateway.log-failed', { reason }, { cause })
}
